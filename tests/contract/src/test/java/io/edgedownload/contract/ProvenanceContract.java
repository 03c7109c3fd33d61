package io.edgedownload.contract;

import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer says how it came about: Cache-Status, Server-Timing, traceparent, Age. */
@ExtendWith(AgainstTarget.class)
final class ProvenanceContract {

    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Set<String> STAGES =
            Set.of("dns", "wait", "connect", "tls", "ttfb", "fetch", "verify", "disk");

    private final Target target;
    private final EdgeClient edge;

    ProvenanceContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @Test
    void aMissSaysThatItWasStoredAndAHitThatItCameFromMemory() {
        String path = "/download/" + published("missed");
        CacheStatus miss = CacheStatus.of(edge.get(path, "Range", "bytes=0-99").expect(206));
        assertEquals("miss", miss.value("fwd"));
        assertEquals("206", miss.value("fwd-status"));
        assertTrue(miss.has("stored"), miss::toString);
        assertEquals("origin", miss.value("detail"));
        assertFalse(miss.has("hit"), miss::toString);

        CacheStatus hit =
                CacheStatus.of(edge.get(path, "Range", "bytes=100-199").expect(206));
        assertTrue(hit.has("hit"), hit::toString);
        assertEquals("memory", hit.value("detail"));
        assertFalse(hit.has("fwd"), hit::toString);
    }

    @Test
    void theParametersStandInTheContractsOrder() {
        String path = "/download/" + published("ordered");
        edge.get(path, "Range", "bytes=0-0")
                .expectHeader("Cache-Status", "edge; fwd=miss; fwd-status=206; stored; detail=origin");
        edge.get(path, "Range", "bytes=0-0").expectHeader("Cache-Status", "edge; hit; detail=memory");
    }

    @Test
    void aWholeDownloadSaysItToo() {
        String path = "/download/" + published("whole");
        assertEquals("miss", CacheStatus.of(edge.get(path).expect(200)).value("fwd"));
        assertTrue(CacheStatus.of(edge.get(path).expect(200)).has("hit"));
    }

    @Test
    void aChunkSaysItToo() {
        String path = "/download/" + published("chunked") + "?chunk=2&size=65536";
        assertEquals("origin", CacheStatus.of(edge.get(path).expect(206)).value("detail"));
        assertEquals("memory", CacheStatus.of(edge.get(path).expect(206)).value("detail"));
    }

    @Test
    void aCachedAnswerHasAnAge() {
        edge.get(pathOf(Sample.ELEVEN), "Range", "bytes=0-0").expect(206);
        Reply hit = edge.get(pathOf(Sample.ELEVEN), "Range", "bytes=0-0").expect(206);
        assertTrue(CacheStatus.of(hit).has("hit"), hit::toString);
        assertTrue(Long.parseLong(hit.required("Age")) >= 0, hit::toString);
    }

    @Test
    void serverTimingNamesStagesInMilliseconds() {
        Reply miss = edge.get("/download/" + published("timed"), "Range", "bytes=0-0")
                .expect(206);
        expectTimings(miss);
        assertTrue(miss.required("Server-Timing").contains("fetch;dur="), miss::toString);
    }

    @Test
    void serverTimingOfAHitIsWellFormed() {
        edge.get(pathOf(Sample.ELEVEN)).expect(200);
        expectTimings(edge.get(pathOf(Sample.ELEVEN)).expect(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/download/sample-11",
                "/download/sample-11?chunk=1",
                "/download/nosuch",
                "/download/sample-11?chunk=0",
                "/download/sample-empty"
            })
    void traceparentIsEchoed(String path) {
        Reply reply = edge.get(path, "traceparent", "00-" + TRACE_ID + "-00f067aa0ba902b7-01");
        assertEquals(TRACE_ID, traceId(reply));
        if (reply.status() >= 400) {
            assertEquals(TRACE_ID, Problem.of(reply).traceId());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-zzf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            })
    void anInvalidTraceparentIsNotEchoed(String traceparent) {
        // W3C Trace Context §3.2: an invalid traceparent is ignored; a new trace may begin.
        Reply reply =
                edge.get(pathOf(Sample.ELEVEN), "traceparent", traceparent).expect(200);
        assertNotEquals(Optional.of(traceparent), reply.header("traceparent"));
        Problem problem =
                edge.get("/download/nosuch", "traceparent", traceparent).expectProblem(404);
        assertNotEquals(TRACE_ID, problem.traceId());
    }

    @Test
    void withoutOneEveryProblemHasATraceOfItsOwn() {
        String first = edge.get("/download/nosuch").expectProblem(404).traceId();
        String second = edge.get("/download/nosuch").expectProblem(404).traceId();
        assertNotEquals(first, second);
    }

    @Test
    void aFunctionsProblemHasTheCallersTrace() {
        Reply reply = edge.post("/resolve", "{}", "traceparent", "00-" + TRACE_ID + "-00f067aa0ba902b7-01");
        assertEquals(TRACE_ID, reply.expectProblem(400).traceId());
    }

    /** Three chunks of 64 KiB that nobody asked for yet. */
    private String published(String name) {
        Functions functions = target.functions();
        String id = target.freshId(name);
        functions.publish(id, target.origin().put("/" + id, new byte[150_000], "\"" + name + "\""));
        functions.evict(id);
        return id;
    }

    private static String traceId(Reply reply) {
        String traceparent = reply.required("traceparent");
        assertTrue(traceparent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-9a-f]"), reply::toString);
        return traceparent.substring(3, 35);
    }

    private static void expectTimings(Reply reply) {
        for (String metric : reply.required("Server-Timing").split(", ?", -1)) {
            assertTrue(metric.matches("[a-z]+;dur=[0-9]+(\\.[0-9]+)?"), reply::toString);
            assertTrue(STAGES.contains(metric.substring(0, metric.indexOf(';'))), reply::toString);
        }
    }
}
