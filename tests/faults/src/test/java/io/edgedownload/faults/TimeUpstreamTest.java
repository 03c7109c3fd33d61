package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.faults.Publication.StoredObject;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many milliseconds sources and S3 are told, where an attempt may take all of the time that its caller gave. */
class TimeUpstreamTest {

    private static final String PATH = "/object";
    private static final StoredObject STORED = new StoredObject("bucket", "key");
    private static final String STORED_PATH = "/bucket/key";
    private static final HostedObject OBJECT = HostedObject.random(71, 100_000);
    private static final String LEFT = "x-envoy-expected-rq-timeout-ms";

    /** So long that a slow machine stays far from the bounds. */
    private static final long GIVEN_MILLIS = 600_000;

    private static final long RESERVE_MILLIS = 60_000;

    private static FaultOrigin s3;
    private static Edge edge;

    private FaultOrigin origin;

    @BeforeAll
    static void startEdge() throws Exception {
        s3 = FaultOrigin.start().serve(STORED_PATH, OBJECT);
        edge = Edge.start(
                "time-upstream",
                Map.of(
                        "edge.deadline.total", "1h",
                        "edge.deadline.reserve", "60s",
                        "edge.fetch.attempt-timeout", "1h",
                        "edge.s3.endpoint", s3.uri("").toString()));
    }

    @AfterAll
    static void stopEdge() throws IOException {
        edge.close();
        s3.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void withoutS3AnOriginHasAllThatTheCallerGave() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertWhole(OBJECT, edge.get(id, Map.of(LEFT, Long.toString(GIVEN_MILLIS))));
        assertToldAll(origin, PATH);
    }

    @Test
    void aMomentGoesOnAsWhatIsLeftUntilThen() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var moment = Instant.now().plusMillis(GIVEN_MILLIS);
        assertWhole(OBJECT, edge.get(id, Map.of("ce-deadline", moment.toString())));
        assertToldAll(origin, PATH);
    }

    @Test
    void whereS3CanTakeOverAnOriginHasLessByTheReserve() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(STORED));
        assertWhole(OBJECT, edge.get(id, Map.of(LEFT, Long.toString(GIVEN_MILLIS))));
        var told = told(origin, PATH);
        var most = GIVEN_MILLIS - RESERVE_MILLIS;
        assertTrue(0 < told && told <= most, () -> "told: " + told);
    }

    @Test
    void theReserveIsAtMostAFifth() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(STORED));
        assertWhole(OBJECT, edge.get(id, Map.of(LEFT, "100000")));
        var told = told(origin, PATH);
        // All of the reserve would leave 40 s.
        assertTrue(40_000 < told && told <= 80_000, () -> "told: " + told);
    }

    @Test
    void s3HasTheReserveToo() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(STORED));
        origin.on(PATH).always(new Fault.Status(500));
        assertWhole(OBJECT, edge.get(id, Map.of(LEFT, Long.toString(GIVEN_MILLIS))));
        assertToldAll(s3, STORED_PATH);
    }

    @Test
    void aFunctionHandsOnWhatItsCallerGave() throws Exception {
        var moment = Instant.now().plusMillis(GIVEN_MILLIS);
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var answer = edge.call("warm", id, Map.of("ce-deadline", moment.toString()));
        assertEquals(200, answer.status(), answer::toString);
        assertToldAll(origin, PATH);
    }

    /** Not more than what was given, and more than what a reserve would leave of it. */
    private static void assertToldAll(FaultOrigin server, String path) {
        var told = told(server, path);
        assertTrue(GIVEN_MILLIS - RESERVE_MILLIS < told && told <= GIVEN_MILLIS, () -> "told: " + told);
    }

    private static long told(FaultOrigin server, String path) {
        return server.requests(path).getLast().fields().number(LEFT).orElseThrow();
    }
}
