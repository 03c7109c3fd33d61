package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.BlackHole;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OtlpReceiver;
import io.edgedownload.fixtures.ReceivedSpan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever befalls a source, S3 delivers the right bytes in time, and the span of the attempt names the layer at fault. */
class LayerFaultTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(97, 150_000);
    private static final int LAST = 65_535;

    private static OtlpReceiver collector;
    private static Edge edge;

    private FaultOrigin origin;

    /**
     * @param kind what edge.failure says
     * @param layer what edge.failure.layer says
     * @param slow the one duration that stands out; empty when none does
     */
    record Blame(String name, Sickness sickness, String kind, String layer, String slow) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** What is closed at the end of the test undoes it. */
    @FunctionalInterface
    interface Sickness {
        AutoCloseable befall(FaultOrigin origin) throws Exception;
    }

    static Stream<Blame> blames() {
        return Stream.of(
                new Blame("connection refused", LayerFaultTest::refuse, "unreachable", "connect", ""),
                new Blame(
                        "SYN black hole",
                        LayerFaultTest::swallow,
                        "timeout",
                        "connect",
                        "http.conn.connect.duration_ms"),
                blame(
                        "no first byte",
                        new Fault.AcceptAndStall(),
                        "timeout",
                        "first-byte",
                        "http.request.first_byte.duration_ms"),
                blame(
                        "stall in the body",
                        new Fault.StallAt(20_000),
                        "timeout",
                        "progress",
                        "http.response.body.duration_ms"),
                blame("trickle", new Fault.Trickle(1_000), "timeout", "progress", "http.response.body.duration_ms"),
                blame("reset before the head", new Fault.ResetAt(0), "unreachable", "first-byte", ""),
                blame("reset in the body", new Fault.ResetAt(20_000), "cut", "body", ""),
                blame("truncated", new Fault.TruncateAt(20_000), "cut", "body", ""),
                blame("5xx", new Fault.Status(500), "server-error", "first-byte", ""),
                blame("another range", new Fault.WrongContentRange(1), "lied", "first-byte", ""),
                blame("wrong bytes", new Fault.WrongBytes(), "integrity", "verify", ""));
    }

    private static Blame blame(String name, Fault fault, String kind, String layer, String slow) {
        Sickness sickness = origin -> {
            origin.on(PATH).always(fault);
            return () -> {};
        };
        return new Blame(name, sickness, kind, layer, slow);
    }

    private static AutoCloseable refuse(FaultOrigin origin) throws IOException, InterruptedException {
        origin.refuseConnections();
        return () -> {};
    }

    private static AutoCloseable swallow(FaultOrigin origin) throws IOException {
        origin.close();
        return BlackHole.at("127.0.0.1", origin.port());
    }

    @BeforeAll
    static void startEdge() throws Exception {
        collector = OtlpReceiver.start();
        edge = Edge.start(
                "layers",
                Map.of(
                        "quarkus.otel.bsp.schedule.delay", "50ms",
                        "edge.fetch.attempt-timeout", "3s"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString()));
    }

    @AfterAll
    static void stopEdge() throws IOException {
        edge.close();
        collector.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @ParameterizedTest
    @MethodSource("blames")
    void theLayerAtFaultIsNamedAndS3Delivers(Blame blame) throws Exception {
        String id = edge.publish(
                Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)).withDigest());
        AutoCloseable cure = blame.sickness().befall(origin);
        try {
            assertPart(OBJECT, 0, LAST, "s3", edge.part(id, 0, LAST));
        } finally {
            cure.close();
        }

        ReceivedSpan failed = attempts(id, 2).getFirst();
        assertTrue(failed.failed(), failed::toString);
        assertEquals(blame.kind(), failed.attribute("edge.failure").orElse("none"), failed::toString);
        assertEquals(blame.layer(), failed.attribute("edge.failure.layer").orElse("none"), failed::toString);
        if (!blame.slow().isEmpty()) {
            double slowMillis =
                    Double.parseDouble(failed.attribute(blame.slow()).orElseThrow());
            assertTrue(slowMillis > 500, failed::toString);
        }
    }

    @Test
    void aReplayOnANewConnectionIsNoFailure() throws Exception {
        String id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
        origin.on(PATH).next(new Fault.RstOnReusedConnection());
        assertPart(OBJECT, 0, LAST, "origin", edge.part(id, 0, LAST));

        ReceivedSpan attempt = attempts(id, 1).getFirst();
        assertEquals("1", attempt.attribute("http.request.resend_count").orElse("none"), attempt::toString);
        assertEquals("false", attempt.attribute("edge.connection.reused").orElse("none"), attempt::toString);
    }

    /** The spans of the attempts at the first chunk of a download, in their order. */
    private static List<ReceivedSpan> attempts(String id, int number) throws InterruptedException {
        return collector.await(
                "attempts",
                number,
                span -> span.attribute("edge.download.id").orElse("").equals(id)
                        && span.attribute("edge.attempt").isPresent()
                        && span.kind().equals("CLIENT"));
    }
}
