package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OtlpReceiver;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.fixtures.ReceivedSpan;
import io.edgedownload.fixtures.TlsFront;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source behind TLS. What its handshake takes is told apart from the connection under it. */
class TlsFaultTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(96, 150_000);

    private static OtlpReceiver collector;
    private static FaultOrigin origin;
    private static TlsFront front;
    private static Edge edge;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        collector = OtlpReceiver.start();
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        front = TlsFront.start(origin.port(), directory);
        edge = Edge.start(
                "tls",
                Map.of(
                        "quarkus.otel.bsp.schedule.delay", "50ms",
                        "edge.connect.timeout", "5s",
                        "edge.connect.tls-timeout", "2s",
                        "edge.fetch.attempt-timeout", "8s",
                        "edge.deadline.total", "30s"),
                Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        collector.endpoint().toString(),
                        "JAVA_TOOL_OPTIONS",
                        front.trustOptions()));
    }

    @AfterEach
    void resume() {
        front.resume();
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        front.close();
        origin.close();
        collector.close();
    }

    @Test
    void theHandshakeOfANewConnectionHasATimeOfItsOwn() throws Exception {
        front.stall();
        front.resume();
        String id = edge.publish(Publication.of(front.uri(PATH)));
        RawResponse answer = edge.part(id, 0, 99);
        assertPart(OBJECT, 0, 99, answer);

        // The connections of publishing are new too, and they are spans.
        ReceivedSpan made = collector
                .await("handshakes", 1, span -> isOf(id, span, "false"))
                .getFirst();
        assertTrue(millis(made, "tls.handshake.duration_ms") > 0, made::toString);
        assertTrue(millis(made, "http.conn.connect.duration_ms") > 0, made::toString);
        ReceivedSpan kept =
                collector.await("reuses", 1, span -> isOf(id, span, "true")).getFirst();
        assertEquals(0, millis(kept, "tls.handshake.duration_ms"), kept::toString);
    }

    @Test
    void aHandshakeThatNobodyAnswersEndsWithinItsOwnLimitAndS3Delivers() throws Exception {
        String id = edge.publish(Publication.of(front.uri(PATH)).withS3(edge.store(OBJECT)));
        front.stall();

        assertPart(OBJECT, 0, 99, "s3", edge.part(id, 0, 99));

        ReceivedSpan failed = collector
                .await(
                        "failures",
                        1,
                        span -> span.failed()
                                && span.attribute("edge.download.id").orElse("").equals(id)
                                && span.kind().equals("CLIENT"))
                .getFirst();
        assertEquals("tls", failed.attribute("edge.failure.layer").orElse("none"));
        assertEquals("timeout", failed.attribute("edge.failure").orElse("none"));
        assertTrue(millis(failed, "tls.handshake.duration_ms") > 0, failed::toString);
        assertEquals(0, millis(failed, "http.request.first_byte.duration_ms"), failed::toString);
        assertTrue(edge.metric("edge_fetch_tls_seconds_count{tier=\"origin\"}") >= 1);
    }

    @Test
    void withNobodyElseTheClientIsToldThatItWasTheHandshake() throws Exception {
        String id = edge.publish(Publication.of(front.uri(PATH)));
        front.stall();

        RawResponse answer = edge.part(id, 0, 99);
        assertProblem(504, Set.of("deadline"), answer);
        assertEquals("timeout;desc=\"tls\"", answer.field("Server-Timing").orElse("none"));
    }

    private static boolean isOf(String id, ReceivedSpan span, String reused) {
        return span.attribute("edge.download.id").orElse("").equals(id)
                && span.attribute("edge.connection.reused").orElse("").equals(reused);
    }

    private static double millis(ReceivedSpan span, String attribute) {
        return Double.parseDouble(span.attribute(attribute).orElseThrow());
    }
}
