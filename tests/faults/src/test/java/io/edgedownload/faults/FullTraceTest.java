package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OtlpReceiver;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.ReceivedSpan;
import io.edgedownload.fixtures.TlsFront;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace holds every step of a download; and which traces are exported. */
class FullTraceTest {

    private static final HostedObject OBJECT = HostedObject.random(95, 150_000);
    private static final HostedObject LARGE = HostedObject.random(96, 300_000);
    private static final int LARGE_CHUNK_BYTES = 131_072;
    private static final String ZONE = "traced";
    private static final String CLIENTS_SPAN = "00f067aa0ba902b7";
    private static final AtomicInteger TRACES = new AtomicInteger(0x1000);

    private static OtlpReceiver collector;
    private static FaultOrigin origin;
    private static TlsFront front;
    private static Coordinator coordinator;
    private static Edge edge;

    private final String trace = newTrace();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        collector = OtlpReceiver.start();
        origin = FaultOrigin.start();
        front = TlsFront.start(origin.port(), directory);
        coordinator = Coordinator.start(
                "traced",
                Map.of("quarkus.otel.bsp.schedule.delay", "50ms"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString()));
        edge = Edge.start(
                "full-trace",
                Map.ofEntries(
                        entry("quarkus.otel.bsp.schedule.delay", "50ms"),
                        entry("edge.connect.timeout", "5s"),
                        entry("edge.fetch.attempt-timeout", "20s"),
                        entry("edge.deadline.total", "30s"),
                        entry("edge.trace.slow", "4s"),
                        // Too small for a large chunk.
                        entry("edge.cache.memory.max-size", "100K"),
                        entry("edge.cache.ssd.open-files", "1"),
                        entry(
                                "edge.cache.ssd.directory",
                                directory.resolve("chunks").toString()),
                        entry("edge.degraded.after", "1ms"),
                        entry("edge.coordinator.url", "http://127.0.0.1:" + coordinator.port()),
                        entry("edge.coordinator.token", Coordinator.TOKEN),
                        entry("edge.coordinator.zone", ZONE),
                        entry("edge.coordinator.interval", "200ms")),
                Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        collector.endpoint().toString(),
                        "JAVA_TOOL_OPTIONS",
                        front.trustOptions()));
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        coordinator.close();
        front.close();
        origin.close();
        collector.close();
    }

    @Test
    void everyStepOfAMissIsInOneTrace() throws Exception {
        origin.serve("/miss", OBJECT);
        var id = edge.publish(Publication.of(front.uri("/miss")));
        origin.onRanged("/miss").next(new Fault.RstOnReusedConnection());
        assertPart(OBJECT, 0, 99, edge.get(id, traced("01")));

        var request = request(trace);
        var fetch = await("fetches", span -> span.kind().equals("CLIENT"));
        assertEquals(CLIENTS_SPAN, request.parentId());
        assertEquals(request.spanId(), fetch.parentId());
        for (String name : List.of("dns", "connect", "tls", "first-byte", "body", "verify")) {
            var step = await(name, span -> span.name().equals(name));
            assertEquals(fetch.spanId(), step.parentId(), step::toString);
        }
        for (String name : List.of("cache", "disk-write", "send")) {
            var step = await(name, span -> span.name().equals(name));
            assertEquals(request.spanId(), step.parentId(), step::toString);
        }
        assertEquals(Optional.of("loaded"), step("cache").attribute("edge.cache.result"));
        assertEquals(Optional.of("whole"), step("send").attribute("edge.send.outcome"));
    }

    @Test
    void theStepsOfAFetchFollowOneAnotherWithinIt() throws Exception {
        origin.serve("/order", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/order")));
        assertPart(OBJECT, 0, 99, edge.get(id, traced("01")));

        step("dns");
        var steps = List.of("dns", "first-byte", "body", "verify").stream()
                .map(name -> named(trace, name).getFirst())
                .toList();
        for (int next = 1; next < steps.size(); next++) {
            assertTrue(steps.get(next - 1).endNanos() <= steps.get(next).startNanos(), steps::toString);
        }
    }

    @Test
    void aChunkReadFromDiskShowsIt() throws Exception {
        origin.serve("/disk", LARGE);
        var id = edge.publish(Publication.of(origin.uri("/disk")).withChunkSize(LARGE_CHUNK_BYTES));
        var written = edge.metric("edge_cache_ssd_written_total");
        assertEquals(200, edge.get(id).status());
        Expect.await("the chunks are not on disk", () -> edge.metric("edge_cache_ssd_written_total") >= written + 3);
        Expect.await("none was read from disk", () -> {
            // They do not fit into memory, and only one of their files is kept open.
            for (int chunk = 0; chunk < 2; chunk++) {
                long first = (long) chunk * LARGE_CHUNK_BYTES;
                var fields = Map.of(
                        "Range", "bytes=%d-%d".formatted(first, first + 99), "traceparent", traceparent(trace, "01"));
                assertPart(LARGE, first, first + 99, edge.get(id, fields));
            }
            return !named(trace, "disk-read").isEmpty();
        });

        var read = step("disk-read");
        assertTrue(read.attribute("edge.chunk.number").isPresent(), read::toString);
        assertEquals(Optional.of("true"), read.attribute("edge.disk.good"));
        var request = await("its request", span -> span.spanId().equals(read.parentId()));
        var look = await(
                "its look",
                span -> span.name().equals("cache") && span.parentId().equals(request.spanId()));
        assertEquals(Optional.of("ssd"), look.attribute("edge.cache.result"));
    }

    @Test
    void whoJoinsALoadSaysSo() throws Exception {
        origin.serve("/join", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/join")));
        var gate = new Gate();
        origin.on("/join").always(new Fault.HoldUntil(gate));
        var before = origin.requests("/join").size();
        try (var first = RawHttp.connect(edge.uri(id));
                var second = RawHttp.connect(edge.uri(id))) {
            first.request("GET", edge.uri(id), Map.of("Range", "bytes=0-99"));
            Expect.await("nothing was asked for", () -> origin.requests("/join").size() > before);
            second.request("GET", edge.uri(id), traced("01"));
            Expect.await("it did not join", () -> edge.metric("edge_fill_in_flight_bytes") > 0);
            gate.open();
            assertEquals(206, first.response().status());
            assertEquals(206, second.response().status());
        }
        var result = step("cache").attribute("edge.cache.result").orElse("none");
        // The load may end before the second one asks.
        assertTrue(Set.of("joined", "memory").contains(result), result);
    }

    @Test
    void anErrorIsExportedAlthoughItsSenderDoesNotTrace() throws Exception {
        origin.serve("/sick", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/sick")).withS3(edge.store(OBJECT)));
        origin.on("/sick").always(new Fault.Status(500));
        assertPart(OBJECT, 0, 99, edge.get(id, traced("00")));

        var request = request(trace);
        assertEquals(CLIENTS_SPAN, request.parentId());
        assertFalse(request.failed());
        var failed = await("failed fetches", span -> span.kind().equals("CLIENT") && span.failed());
        assertEquals(request.spanId(), failed.parentId());
        await("fetches of S3", span -> span.attribute("edge.tier").equals(Optional.of("s3")));
        step("send");
        assertEquals(
                Optional.of(failed.traceparentWithoutFlags() + "-00"),
                origin.requests("/sick").stream()
                        .filter(seen ->
                                seen.fields().first("traceparent").orElse("").contains(failed.spanId()))
                        .findFirst()
                        .flatMap(seen -> seen.fields().first("traceparent")));
    }

    @Test
    void whatIsSlowIsExportedAlthoughItsSenderDoesNotTrace() throws Exception {
        origin.serve("/slow", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/slow")));
        origin.on("/slow").always(new Fault.LateHead(Duration.ofMillis(4_500)));
        assertPart(OBJECT, 0, 99, edge.get(id, traced("00")));

        assertFalse(request(trace).failed());
        var first = step("first-byte");
        assertTrue(first.endNanos() - first.startNanos() > 4_000_000_000L, first::toString);
    }

    @Test
    void whatIsNeitherIsNotExportedUnlessItsSenderTraces() throws Exception {
        origin.serve("/well", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/well")));
        assertPart(OBJECT, 0, 99, edge.get(id, traced("00")));
        assertPart(OBJECT, 0, 99, edge.get(id, traced("00")));

        var wanted = newTrace();
        assertPart(OBJECT, 0, 99, edge.get(id, traced(wanted, "01")));
        request(wanted);
        assertEquals(Set.of(), names(trace));
        assertEquals(0, edge.metric("edge_trace_lost_total"));
    }

    @Test
    void aClientThatLeavesIsNoError() throws Exception {
        origin.serve("/left", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/left")));
        var gate = new Gate();
        var before = origin.requests("/left").size();
        origin.on("/left").always(new Fault.HoldUntil(gate));
        try (var leaving = RawHttp.connect(edge.uri(id))) {
            leaving.request("GET", edge.uri(id), traced("00"));
            Expect.await("nothing was asked for", () -> origin.requests("/left").size() > before);
        }
        gate.open();
        // It joins what is left of the load, and is exported after whatever is exported of the other.
        var wanted = newTrace();
        assertPart(OBJECT, 0, 99, edge.get(id, traced(wanted, "01")));
        request(wanted);
        assertEquals(Set.of(), names(trace));
    }

    @Test
    void aHitOfATraceShowsTheLookAndTheSending() throws Exception {
        origin.serve("/hit", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/hit")));
        assertEquals(206, edge.part(id, 0, 99).status());
        assertPart(OBJECT, 0, 99, edge.get(id, traced("01")));

        step("send");
        assertEquals(Set.of("GET /download/{id}", "cache", "send"), names(trace));
        var result = step("cache").attribute("edge.cache.result").orElse("none");
        assertTrue(Set.of("memory", "ssd").contains(result), result);
    }

    @Test
    void aCloudEventsTraceIsTakenOnAndHandedBack() throws Exception {
        origin.serve("/event", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/event")));
        var event = Map.of(
                "Content-Type", "application/json",
                "ce-specversion", "1.0",
                "ce-type", "edge.resolve",
                "ce-id", "1",
                "ce-source", "/test",
                "ce-traceparent", traceparent(trace, "01"));
        var answer = edge.call("resolve", id, event);
        assertEquals(200, answer.status(), answer::toString);

        var request = request(trace);
        assertEquals(CLIENTS_SPAN, request.parentId());
        assertEquals(Optional.of(request.traceparentWithoutFlags() + "-01"), answer.field("ce-traceparent"));
    }

    @Test
    void theTraceInABodyThatIsAnEventIsLinked() throws Exception {
        origin.serve("/structured", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/structured")));
        var eventsTrace = newTrace();
        var event = new JsonObject()
                .put("specversion", "1.0")
                .put("type", "edge.evict")
                .put("id", "1")
                .put("source", "/test")
                .put("traceparent", traceparent(eventsTrace, "01"))
                .put("data", new JsonObject().put("id", id));
        var fields = Map.of("Content-Type", "application/cloudevents+json", "traceparent", traceparent(trace, "01"));
        assertEquals(204, edge.event("evict", event.encode(), fields).status());

        assertEquals(List.of(eventsTrace + "-" + CLIENTS_SPAN), request(trace).links());
    }

    @Test
    void aRequestsOwnTraceGoesBeforeItsEvents() throws Exception {
        origin.serve("/both", OBJECT);
        var id = edge.publish(Publication.of(origin.uri("/both")));
        var other = newTrace();
        var fields = Map.of("traceparent", traceparent(trace, "01"), "ce-traceparent", traceparent(other, "01"));
        assertEquals(204, edge.call("evict", id, fields).status());

        assertEquals(CLIENTS_SPAN, request(trace).parentId());
        assertEquals(Set.of(), names(other));
    }

    /** Its sender does not trace: an error is exported all the same, at the coordinator as here. */
    @Test
    void whatACoordinatorIsToldOfARequestIsPartOfItsTrace() throws Exception {
        try (var sick = FaultOrigin.start().serve("/wrong", OBJECT)) {
            var id =
                    edge.publish(Publication.of(sick.uri("/wrong")).withDigest().withS3(edge.store(OBJECT)));
            sick.onRanged("/wrong").always(new Fault.WrongBytes());
            assertPart(OBJECT, 0, 99, edge.get(id, traced("00")));

            var told =
                    await("tellings", span -> span.attribute("edge.event.kind").isPresent());
            assertEquals("edgedownload.fleet.v1.Fleet/Join", told.name());
            assertEquals(Optional.of("integrity-failure"), told.attribute("edge.event.kind"));
            assertEquals(
                    TelemetryDocumentTest.rows("Of what a coordinator was told:"),
                    told.attributes().keySet());
            var fetch = await("the fetch", span -> span.spanId().equals(told.parentId()));
            assertEquals(Optional.of("integrity"), fetch.attribute("edge.failure"));
            assertTrue(coordinator.traces(ZONE, "integrity-failure").contains(trace));
        }
    }

    @Test
    void theTraceOfAnOutageReachesTheCoordinator() throws Exception {
        try (var sick = FaultOrigin.start().serve("/gone", OBJECT)) {
            var id = edge.publish(Publication.of(sick.uri("/gone")));
            sick.on("/gone").always(new Fault.Status(500));
            Expect.await("it does not count as an outage", () -> {
                assertTrue(Set.of(502, 503).contains(edge.get(id, traced("01")).status()));
                return coordinator.traces(ZONE, "degraded-entered").contains(trace);
            });
            await("tellings", span -> span.attribute("edge.event.kind").equals(Optional.of("degraded-entered")));
        }
    }

    private static String newTrace() {
        return "%032x".formatted(TRACES.incrementAndGet());
    }

    private static String traceparent(String trace, String flags) {
        return "00-" + trace + "-" + CLIENTS_SPAN + "-" + flags;
    }

    private Map<String, String> traced(String flags) {
        return traced(trace, flags);
    }

    private static Map<String, String> traced(String trace, String flags) {
        return Map.of("Range", "bytes=0-99", "traceparent", traceparent(trace, flags));
    }

    private static ReceivedSpan request(String trace) throws InterruptedException {
        return collector
                .await(
                        "requests",
                        1,
                        span -> span.traceId().equals(trace) && span.kind().equals("SERVER"))
                .getFirst();
    }

    /** The first span of this test's trace with this name. */
    private ReceivedSpan step(String name) throws InterruptedException {
        return await(name, span -> span.name().equals(name));
    }

    private ReceivedSpan await(String what, Predicate<ReceivedSpan> condition) throws InterruptedException {
        return collector
                .await(what, 1, span -> span.traceId().equals(trace) && condition.test(span))
                .getFirst();
    }

    private static List<ReceivedSpan> named(String trace, String name) {
        return collector.spans().stream()
                .filter(span -> span.traceId().equals(trace) && span.name().equals(name))
                .toList();
    }

    private static Set<String> names(String trace) {
        return collector.spans().stream()
                .filter(span -> span.traceId().equals(trace))
                .map(ReceivedSpan::name)
                .collect(toCollection(TreeSet::new));
    }
}
