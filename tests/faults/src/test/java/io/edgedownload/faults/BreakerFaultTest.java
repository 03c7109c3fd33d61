package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An origin that is slow, or comes and goes: its breaker opens, S3 delivers, and half-open finds out when it is well again. */
class BreakerFaultTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(98, 65_536);
    /** In real time all of it takes a second or two. */
    private static final int MOST_REQUESTS = 5_000;

    private FaultOrigin origin;
    private Edge edge;
    private String id;

    @BeforeEach
    void start() throws Exception {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        edge = Edge.start(
                "breakers",
                Map.of(
                        // Every request is a fetch.
                        "edge.cache.memory.max-size", "0",
                        "edge.breaker.bucket", "50ms",
                        "edge.breaker.window", "2s",
                        "edge.breaker.min-requests", "5",
                        "edge.breaker.max-p95", "100ms",
                        "edge.breaker.hold", "200ms",
                        "edge.breaker.open-for", "500ms"));
        id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
    }

    @Test
    void aSlowOriginIsLeftAloneUntilItIsQuickAgain() throws Exception {
        origin.on(PATH).always(new Fault.LateHead(Duration.ofMillis(200)));
        until("open");
        download("s3");
        // Each answer was a right one: it can have opened by their times alone.
        assertEquals(0, edge.metric("edge_fetch_failed_total{reason=\"cut\",tier=\"origin\"}"));
        assertEquals(1, edge.metric("edge_breaker_changes_total{state=\"open\"}"));

        origin.heal();
        until("closed");
        download("origin");
    }

    @Test
    void anOriginThatFlapsIsLeftAloneUntilItStays() throws Exception {
        var requests = new AtomicInteger();
        origin.on(request -> requests.incrementAndGet() % 2 == 0).always(new Fault.ResetAt(1_000));
        until("open");
        download("s3");
        assertTrue(edge.metric("edge_fetch_failed_total{reason=\"cut\",tier=\"origin\"}") >= 1);

        origin.heal();
        until("closed");
        download("origin");
    }

    /** Downloads until the breaker has changed to this state. Each answer is right, wherever it comes from. */
    private void until(String state) throws IOException {
        for (int request = 0; request < MOST_REQUESTS; request++) {
            assertPart(OBJECT, 0, 999, edge.part(id, 0, 999));
            if (edge.metric("edge_breaker_changes_total{state=\"" + state + "\"}") > 0) {
                return;
            }
        }
        throw new AssertionError("never " + state);
    }

    private void download(String from) throws IOException {
        assertPart(OBJECT, 0, 999, from, edge.part(id, 0, 999));
    }
}
