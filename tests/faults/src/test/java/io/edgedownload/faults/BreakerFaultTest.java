package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OtlpReceiver;
import io.edgedownload.fixtures.ReceivedSpan;
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

    private OtlpReceiver collector;
    private FaultOrigin origin;
    private Edge edge;
    private String id;

    @BeforeEach
    void start() throws Exception {
        collector = OtlpReceiver.start();
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        edge = Edge.start(
                "breakers",
                Map.of(
                        "quarkus.otel.bsp.schedule.delay", "50ms",
                        // Every request is a fetch.
                        "edge.cache.memory.max-size", "0",
                        "edge.breaker.bucket", "50ms",
                        "edge.breaker.window", "2s",
                        "edge.breaker.min-requests", "5",
                        "edge.breaker.max-p95", "100ms",
                        "edge.breaker.hold", "200ms",
                        "edge.breaker.open-for", "1s"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString()));
        id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
        collector.close();
    }

    @Test
    void aSlowOriginIsLeftAloneUntilItIsQuickAgain() throws Exception {
        origin.on(PATH).always(new Fault.LateHead(Duration.ofMillis(200)));
        until("open");
        download("s3");
        // Each answer was a right one: it can have opened by their times alone.
        assertEquals(0, edge.metric("edge_fetch_failed_total{reason=\"cut\",tier=\"origin\"}"));
        assertEquals(1, edge.metric("edge_breaker_changes_total{state=\"open\"}"));
        ReceivedSpan slow = attempt("closed", "none");
        assertFalse(slow.failed(), slow::toString);
        assertTrue(
                Double.parseDouble(slow.attribute("http.request.first_byte.duration_ms")
                                .orElseThrow())
                        > 100,
                slow::toString);
        attempt("open", "breaker-open");

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
        assertEquals(
                "body", attempt("closed", "cut").attribute("edge.failure.layer").orElse("none"));
        attempt("open", "breaker-open");

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

    /** An attempt at the origin while its breaker was in that state. */
    private ReceivedSpan attempt(String state, String failure) throws InterruptedException {
        return collector
                .await(
                        state + ", " + failure,
                        1,
                        span -> span.attribute("edge.breaker.state").orElse("").equals(state)
                                && span.attribute("edge.attempt").isPresent()
                                && span.attribute("edge.failure").orElse("none").equals(failure))
                .getFirst();
    }

    private void download(String from) throws IOException {
        assertPart(OBJECT, 0, 999, from, edge.part(id, 0, 999));
    }
}
