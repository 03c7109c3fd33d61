package io.edgedownload.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a function URL does not carry, and what becomes of it: the rows of the contract that are left out of its suite. */
final class FunctionUrlLimitsTest {
    private static final String PATH = "/object";
    private static final int LIMIT = 4 << 20;
    private static final HostedObject LARGE = HostedObject.random(63, LIMIT + 100_000);

    private static Deployment deployment;

    private FaultOrigin origin;

    @BeforeAll
    static void startFunction() throws Exception {
        deployment = Deployment.start("limits", Map.of());
    }

    @AfterAll
    static void stopFunction() {
        deployment.close();
    }

    @BeforeEach
    void startOrigin() throws IOException {
        origin = FaultOrigin.start().serve(PATH, LARGE);
    }

    @AfterEach
    void stopOrigin() throws IOException {
        origin.close();
    }

    @Test
    void aWholeObjectOver4MiBIsFetchedFromS3() throws Exception {
        String id = deployment.publishWithS3(origin, PATH, LARGE);
        RawResponse answer = deployment.get(id, Map.of());
        assertEquals(Optional.of("edge; fwd=miss; detail=redirect"), answer.field("Cache-Status"));
        assertEquals(Optional.of("no-store"), answer.field("Cache-Control"));
        RawResponse atS3 = RawHttp.get(location(answer));
        assertEquals(200, atS3.status());
        assertArrayEquals(LARGE.bytes(), atS3.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-4194304", "bytes=1-", "bytes=-4194305"})
    void soIsALargeRangeWhichIsSigned(String range) throws Exception {
        String id = deployment.publishWithS3(origin, PATH, LARGE);
        URI location = location(deployment.get(id, Map.of("Range", range)));
        assertEquals(206, RawHttp.get(location, Map.of("Range", range)).status());
        assertEquals(403, RawHttp.get(location, Map.of("Range", "bytes=0-1")).status());
    }

    @Test
    void severalRangesOver4MiBAreTheWholeFromS3() throws Exception {
        String id = deployment.publishWithS3(origin, PATH, LARGE);
        Map<String, String> ranges = Map.of("Range", "bytes=0-9, 20-4194400");
        assertEquals(
                200, RawHttp.get(location(deployment.get(id, ranges)), ranges).status());
    }

    @Test
    void aRangeOf4MiBIsAnsweredHere() throws Exception {
        String id = deployment.publishWithS3(origin, PATH, LARGE);
        RawResponse answer = deployment.get(id, Map.of("Range", "bytes=0-4194303"));
        assertEquals(206, answer.status(), answer::toString);
        assertArrayEquals(LARGE.slice(0, LIMIT - 1), answer.body());
    }

    @Test
    void headIsNotLimited() throws Exception {
        String id = deployment.publish(origin, PATH);
        RawResponse answer = RawHttp.exchange("HEAD", deployment.function().download(id), Map.of());
        assertEquals(200, answer.status());
        assertEquals(Optional.of(Integer.toString(LARGE.lengthBytes())), answer.field("Content-Length"));
    }

    @Test
    void whereNobodyCanBeSentItIs413() throws Exception {
        assertTooLarge(deployment.get(deployment.publish(origin, PATH), Map.of()));
        String id = deployment.publishWithS3(origin, PATH, LARGE);
        assertTooLarge(deployment.get(id, Map.of("If-Match", "*")));
        assertTooLarge(RawHttp.get(URI.create(deployment.function().download(id) + "?chunk=1&size=8388608")));
    }

    @Test
    void bytesThatAreNoUtf8StayAsTheyAreWhateverTheirType() throws Exception {
        byte[] bytes = new byte[1_000];
        new Random(64).nextBytes(bytes);
        var text = new HostedObject(
                java.nio.ByteBuffer.wrap(bytes), "\"latin\"", Instant.parse("2026-01-02T03:04:05Z"), "text/plain");
        String id = deployment.publish(origin.serve("/text", text), "/text");
        RawResponse answer = deployment.get(id, Map.of());
        assertEquals(Optional.of("text/plain"), answer.field("Content-Type"));
        assertArrayEquals(bytes, answer.body());
    }

    @Test
    void aBodyThatCannotBeBroughtToItsEndIsNoAnswer() throws Exception {
        String id = deployment.publish(origin.serve("/short", HostedObject.random(65, 3 << 16)), "/short");
        assertEquals(206, deployment.chunk(id, 1).status());
        origin.on("/short").always(new Fault.ResetAt(0));
        RawResponse answer = deployment.get(id, Map.of());
        assertTrue(answer.status() >= 500, answer::toString);
    }

    private static URI location(RawResponse answer) {
        assertEquals(307, answer.status(), answer::toString);
        return URI.create(answer.field("Location").orElseThrow());
    }

    private static void assertTooLarge(RawResponse answer) {
        assertEquals(413, answer.status(), answer::toString);
        assertTrue(answer.text().contains("/problems/answer-too-large"), answer::toString);
    }
}
