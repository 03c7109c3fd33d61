package io.edgedownload.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code Lambda-Runtime-Deadline-Ms} is the deadline of an invocation: whatever the origin does, the answer is posted before it. */
final class FunctionDeadlineTest {
    private static final String PATH = "/object";
    private static final int CHUNK = 64 << 10;
    private static final HostedObject OBJECT = HostedObject.random(61, 4 * CHUNK);
    private static final Duration SHORT = Duration.ofMillis(900);

    private static Deployment deployment;

    private FaultOrigin origin;

    @BeforeAll
    static void startFunction() throws Exception {
        deployment = Deployment.start("deadline", Map.of());
    }

    @AfterAll
    static void stopFunction() {
        deployment.close();
    }

    @BeforeEach
    void startOrigin() throws IOException {
        deployment.function().limit(Duration.ofSeconds(30));
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stopOrigin() throws IOException {
        origin.close();
    }

    @Test
    void aStalledOriginIsLeftInTimeForS3() throws Exception {
        String id = deployment.publishWithS3(origin, PATH, OBJECT);
        origin.on(PATH).always(new Fault.AcceptAndStall());
        // The process's first from S3; with time enough, so that the next tells of the deadline alone.
        assertFromS3(2, deployment.chunk(id, 2));

        deployment.function().limit(SHORT);
        assertFromS3(1, deployment.chunk(id, 1));
        assertInTime();
    }

    @Test
    void withoutS3ItIsAnErrorThatStillReachesTheClient() throws Exception {
        String id = deployment.publish(origin, PATH);
        origin.on(PATH).always(new Fault.AcceptAndStall());
        deployment.function().limit(SHORT);
        RawResponse answer = deployment.get(id, Map.of());
        assertEquals(504, answer.status(), answer::toString);
        assertTrue(answer.text().contains("/problems/deadline"), answer::toString);
        assertInTime();
    }

    @Test
    void theOriginHearsWhatIsLeft() throws Exception {
        String id = deployment.publish(origin, PATH);
        deployment.function().limit(Duration.ofSeconds(5));
        assertEquals(200, deployment.get(id, Map.of()).status());
        long left = origin.requests(PATH)
                .getLast()
                .fields()
                .number("x-envoy-expected-rq-timeout-ms")
                .orElseThrow();
        assertTrue(0 < left && left <= 4_900, () -> "left: " + left);
    }

    @Test
    void aFunctionHasTheSameDeadline() throws Exception {
        String id = deployment.publish(origin, PATH);
        origin.on(PATH).always(new Fault.AcceptAndStall());
        deployment.function().limit(SHORT);
        RawResponse answer = deployment.call("warm", "{\"id\":\"" + id + "\"}");
        assertEquals(504, answer.status(), answer::toString);
        assertInTime();
    }

    private static void assertFromS3(int number, RawResponse answer) {
        assertEquals(206, answer.status(), answer::toString);
        assertTrue(answer.field("Cache-Status").orElse("").endsWith("detail=s3"), answer::toString);
        assertArrayEquals(OBJECT.slice((number - 1L) * CHUNK, number * (long) CHUNK - 1), answer.body());
    }

    private static void assertInTime() {
        assertTrue(
                deployment.function().lastEnd().leftMillis() > 0,
                () -> "late: " + deployment.function().lastEnd());
    }
}
