package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginRequest;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The object at its source becomes another one. Each request waits until the source has said so: nothing is fresh here. */
class GenerationFaultTest {
    private static final String PATH = "/object";
    private static final HostedObject BEFORE = HostedObject.random(91, 300_000);
    private static final HostedObject AFTER = HostedObject.random(92, 280_000);

    private static final String REPLACED = "edge_revalidations_total{outcome=\"replaced\"}";

    private static Edge edge;

    private FaultOrigin origin;

    @BeforeAll
    static void startEdge() throws Exception {
        edge = Edge.start(
                "generations",
                Map.of(
                        "edge.revalidation.fresh", "0s",
                        "edge.revalidation.stale-while-revalidate", "0s",
                        "edge.revalidation.patience", "20s"));
    }

    @AfterAll
    static void stopEdge() {
        edge.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, BEFORE);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void theNextRequestGetsTheOtherObjectUnderAnotherTag() throws Exception {
        String id = published();
        RawResponse before = edge.get(id);
        assertWhole(BEFORE, before);
        double replaced = edge.metric(REPLACED);
        origin.serve(PATH, AFTER);

        RawResponse after = edge.get(id);
        assertWhole(AFTER, after);
        assertNotEquals(before.field("ETag"), after.field("ETag"));
        assertEquals(replaced + 1, edge.metric(REPLACED));
    }

    @Test
    void whoeverResumesGetsNoSplice() throws Exception {
        String id = published();
        RawResponse first = edge.part(id, 0, 99_999);
        assertPart(BEFORE, 0, 99_999, first);
        String tag = first.field("ETag").orElseThrow();
        origin.serve(PATH, AFTER);

        assertWhole(AFTER, edge.get(id, Map.of("Range", "bytes=100000-", "If-Range", tag)));
        assertProblem(
                412, Set.of("precondition-failed"), edge.get(id, Map.of("Range", "bytes=100000-", "If-Match", tag)));
    }

    @Test
    void aWholeDownloadCostsOneConditionalRequest() throws Exception {
        String id = published();
        assertWhole(BEFORE, edge.get(id));

        assertEquals(1, conditional().count());
        OriginRequest asked = conditional().findFirst().orElseThrow();
        assertEquals(BEFORE.etag(), asked.ifNoneMatch().orElseThrow());
        assertTrue(origin.requests(PATH).size() > 5, "its chunks are more");
    }

    static Stream<Fault> sicknesses() {
        return Stream.of(new Fault.Status(500), new Fault.Status(404), new Fault.ResetAt(0), new Fault.GarbageHead());
    }

    @ParameterizedTest
    @MethodSource("sicknesses")
    void aSourceThatCannotSayLeavesTheObjectAsItWas(Fault sickness) throws Exception {
        String id = published();
        RawResponse before = edge.get(id);
        assertWhole(BEFORE, before);
        origin.on(request -> request.ifNoneMatch().isPresent()).always(sickness);

        RawResponse after = edge.get(id);
        assertWhole(BEFORE, after);
        assertEquals(before.field("ETag"), after.field("ETag"));
        assertEquals(
                "edge; fwd=stale; detail=memory", after.field("Cache-Status").orElse("none"));
    }

    @Test
    void sourcesThatDifferChangeNothing() throws Exception {
        try (FaultOrigin other = FaultOrigin.start().serve(PATH, BEFORE)) {
            String id = edge.publish(Publication.of(origin.uri(PATH), other.uri(PATH)));
            origin.serve(PATH, AFTER);

            assertWhole(BEFORE, edge.get(id));
        }
    }

    private String published() throws IOException {
        return edge.publish(Publication.of(origin.uri(PATH)));
    }

    private Stream<OriginRequest> conditional() {
        return origin.requests(PATH).stream()
                .filter(request -> request.ifNoneMatch().isPresent());
    }
}
