package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginRequest;
import io.edgedownload.fixtures.OtlpReceiver;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.fixtures.ReceivedSpan;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans as a collector receives them, of downloads from origins that are well and not so well. */
class TracingTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(91, 150_000);
    private static final String CLIENTS_SPAN = "00f067aa0ba902b7";
    private static final AtomicInteger TRACES = new AtomicInteger();

    private static OtlpReceiver collector;
    private static Edge edge;

    private final String trace = "%032x".formatted(TRACES.incrementAndGet());
    private FaultOrigin origin;

    @BeforeAll
    static void startEdge() throws Exception {
        collector = OtlpReceiver.start();
        edge = Edge.start(
                "traced",
                Map.of(
                        "quarkus.otel.bsp.schedule.delay",
                        "50ms",
                        "edge.connect.timeout",
                        "3s",
                        "edge.fetch.attempt-timeout",
                        "3s"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString()));
    }

    @AfterAll
    static void stopEdge() {
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

    @Test
    void aFetchHangsUnderTheRequestThatBeganIt() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        download(id);

        var request = request();
        var fetch = fetches(1).getFirst();
        assertEquals(CLIENTS_SPAN, request.parentId());
        assertEquals(request.spanId(), fetch.parentId());
        assertTrue(request.startNanos() <= fetch.startNanos() && fetch.endNanos() <= request.endNanos());
        assertFalse(fetch.failed());
    }

    @Test
    void aRequestSaysWhatItWasForAndHowItsAnswerCameAbout() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        download(id);

        var request = request();
        assertEquals("GET /download/{id}", request.name());
        assertAttribute("/download/{id}", request, "http.route");
        assertAttribute("206", request, "http.response.status_code");
        assertAttribute(id, request, "edge.download.id");
        assertAttribute("edge; fwd=miss; fwd-status=206; stored; detail=origin", request, "edge.cache.status");
    }

    @Test
    void whoJoinsAFetchThatFailsForWantOfTimeHasOneOfItsOwn() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var gate = new Gate();
        origin.on(PATH).always(new Fault.HoldUntil(gate));
        try (var hurried = RawHttp.connect(edge.uri(id));
                var patient = RawHttp.connect(edge.uri(id))) {
            hurried.request("GET", edge.uri(id), Map.of("x-envoy-expected-rq-timeout-ms", "300"));
            patient.request("GET", edge.uri(id), traceOfThisTest());
            assertEquals(504, hurried.response().status());
            gate.open();
            assertEquals(206, patient.response().status());
        }

        assertEquals(request().spanId(), fetches(1).getFirst().parentId());
    }

    @Test
    void aProblemBelongsToTheTraceThatBeganHere() throws Exception {
        var answer = edge.get("nosuch");
        var request = collector
                .await(
                        "requests",
                        1,
                        span -> span.attribute("edge.download.id").orElse("").equals("nosuch"))
                .getFirst();
        assertTrue(answer.text().contains("\"traceId\":\"" + request.traceId() + "\""), answer::toString);
    }

    @Test
    void aFetchSaysWhatItWasForAndWhereItWent() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        download(id);

        var fetch = fetches(1).getFirst();
        assertEquals("GET", fetch.name());
        assertAttribute("GET", fetch, "http.request.method");
        assertAttribute("http", fetch, "url.scheme");
        assertAttribute(origin.uri(PATH).toString(), fetch, "url.full");
        assertAttribute("127.0.0.1", fetch, "server.address");
        assertAttribute(Integer.toString(origin.port()), fetch, "server.port");
        assertAttribute("127.0.0.1", fetch, "network.peer.address");
        assertAttribute("206", fetch, "http.response.status_code");
        assertAttribute(id, fetch, "edge.download.id");
        assertAttribute("1", fetch, "edge.chunk.number");
        assertAttribute("origin", fetch, "edge.tier");
        assertAttribute("1", fetch, "edge.attempt");
    }

    @Test
    void aFetchHasTheThreeDurationsThatNameTheCulprit() throws Exception {
        download(edge.publish(Publication.of(origin.uri(PATH))));

        var fetch = fetches(1).getFirst();
        assertTrue(millis(fetch, "net.dns.resolve.duration_ms") >= 0);
        assertTrue(millis(fetch, "http.conn.wait.duration_ms") >= 0);
        assertTrue(millis(fetch, "http.request.first_byte.duration_ms") > 0);
        var reused = fetch.attribute("edge.connection.reused");
        assertTrue(reused.isPresent());
        assertEquals(reused.get().equals("false"), millis(fetch, "http.conn.connect.duration_ms") > 0);
    }

    @Test
    void whatTheOriginDoesHangsUnderTheFetch() throws Exception {
        download(edge.publish(Publication.of(origin.uri(PATH))));

        var fetch = fetches(1).getFirst();
        var seen = origin.requests(PATH).getLast();
        assertEquals(Optional.of(fetch.traceparentWithoutFlags() + "-01"), traceparent(seen));
    }

    @Test
    void theOriginGetsTheTracesStateButNoBaggage() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var fields = new HashMap<>(traceOfThisTest());
        fields.put("tracestate", "vendor=opaque");
        fields.put("baggage", "user=somebody");
        assertPart(OBJECT, 0, 99, edge.get(id, fields));

        var seen = origin.requests(PATH).getLast().fields();
        assertEquals(Optional.of("vendor=opaque"), seen.first("tracestate"));
        assertEquals(Optional.empty(), seen.first("baggage"));
    }

    @Test
    void whoWantsNoTraceHasNone() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var unwanted = "f" + trace.substring(1);
        var fields = Map.of("Range", "bytes=0-99", "traceparent", "00-" + unwanted + "-" + CLIENTS_SPAN + "-00");
        assertPart(OBJECT, 0, 99, edge.get(id, fields));
        var seen = traceparent(origin.requests(PATH).getLast()).orElse("none");
        assertTrue(seen.startsWith("00-" + unwanted) && seen.endsWith("-00"), seen);

        // Spans are sent in their order: those of the later request come last.
        download(id);
        request();
        assertEquals(List.of(), ofTrace(unwanted));
    }

    @Test
    void eachAttemptIsASpanUntilS3Delivers() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
        origin.on(PATH).always(new Fault.Status(503));
        assertPart(OBJECT, 0, 99, "s3", traced(id));

        var fetches = fetches(2);
        var failed = fetches.getFirst();
        assertAttribute("origin", failed, "edge.tier");
        assertAttribute("1", failed, "edge.attempt");
        assertAttribute("503", failed, "http.response.status_code");
        assertAttribute("503", failed, "error.type");
        assertAttribute("busy", failed, "edge.failure");
        assertTrue(failed.failed());
        var delivered = fetches.getLast();
        assertAttribute("s3", delivered, "edge.tier");
        assertAttribute("2", delivered, "edge.attempt");
        assertAttribute("206", delivered, "http.response.status_code");
        assertFalse(delivered.failed());
        assertEquals(request().spanId(), delivered.parentId());
    }

    @Test
    void anAnswerThatNeverBeginsShowsHowLongItWasWaitedFor() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
        origin.on(PATH).always(new Fault.AcceptAndStall());
        assertPart(OBJECT, 0, 99, "s3", traced(id));

        var stalled = fetches(2).getFirst();
        assertAttribute("timeout", stalled, "error.type");
        assertEquals(Optional.empty(), stalled.attribute("http.response.status_code"));
        assertTrue(millis(stalled, "http.request.first_byte.duration_ms") > 500, stalled::toString);
    }

    @Test
    void noSpanHoldsTheSignatureOfAClient() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertEquals(403, traced(id + "?sig=v1.key.1.g.secret-of-a-client").status());

        var request = request();
        assertAttribute("sig=REDACTED", request, "url.query");
        assertFalse(request.toString().contains("secret-of-a-client"), request::toString);
    }

    @Test
    void noSpanHoldsAPresignedQuery() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
        origin.on(PATH).always(new Fault.Status(503));
        assertPart(OBJECT, 0, 99, "s3", traced(id));

        var presigned = fetches(2).getLast();
        assertTrue(presigned.attribute("url.full").orElse("").endsWith("?REDACTED"), presigned::toString);
        assertFalse(collector.spans().toString().contains("X-Amz"));
    }

    @Test
    void aHitIsARequestWithoutAFetch() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertEquals(206, edge.part(id, 0, 99).status());
        download(id);

        assertAttribute("edge; hit; detail=memory", request(), "edge.cache.status");
        assertTrue(ofTrace(trace).stream().noneMatch(span -> span.kind().equals("CLIENT")));
    }

    @Test
    void probesOfAPublicationHangUnderIt() throws Exception {
        edge.publish(Publication.of(origin.uri(PATH)));

        var seen = origin.requests(PATH).stream()
                .map((OriginRequest each) -> traceparent(each).orElse("none"))
                .toList();
        assertEquals(2, seen.size());
        var publish = collector
                .await(
                        "publications",
                        1,
                        span -> span.kind().equals("SERVER") && seen.getFirst().contains(span.traceId()))
                .getFirst();
        var probes = collector.await("probes", 2, span -> span.parentId().equals(publish.spanId()));
        assertEquals(
                List.of("HEAD", "GET"), probes.stream().map(ReceivedSpan::name).toList());
        assertEquals(
                seen,
                probes.stream()
                        .map(probe -> probe.traceparentWithoutFlags() + "-01")
                        .toList());
    }

    private RawResponse traced(String idAndQuery) throws IOException {
        return edge.get(idAndQuery, traceOfThisTest());
    }

    private Map<String, String> traceOfThisTest() {
        return Map.of("Range", "bytes=0-99", "traceparent", "00-" + trace + "-" + CLIENTS_SPAN + "-01");
    }

    private void download(String id) throws IOException {
        assertPart(OBJECT, 0, 99, traced(id));
    }

    /** The span of this test's request. */
    private ReceivedSpan request() throws InterruptedException {
        return collector
                .await(
                        "requests",
                        1,
                        span -> span.traceId().equals(trace) && span.kind().equals("SERVER"))
                .getFirst();
    }

    /** The spans of its fetches. */
    private List<ReceivedSpan> fetches(int number) throws InterruptedException {
        return collector.await(
                "fetches",
                number,
                span -> span.traceId().equals(trace) && span.kind().equals("CLIENT"));
    }

    private static List<ReceivedSpan> ofTrace(String trace) {
        return collector.spans().stream()
                .filter(span -> span.traceId().equals(trace))
                .toList();
    }

    private static Optional<String> traceparent(OriginRequest request) {
        return request.fields().first("traceparent");
    }

    private static double millis(ReceivedSpan span, String attribute) {
        return Double.parseDouble(span.attribute(attribute).orElse("NaN"));
    }

    private static void assertAttribute(String expected, ReceivedSpan span, String name) {
        assertEquals(Optional.of(expected), span.attribute(name), span::toString);
    }
}
