package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More bytes are wanted at once than the functions have memory for. */
class OverloadTest {

    private static final int CHUNK_BYTES = 256 * 1024;

    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        edge = Edge.start(
                "overload",
                Map.of(
                        "edge.fill.in-flight-max", "1M",
                        "edge.fill.in-flight-wait", "100ms",
                        // The fill that holds the memory must outlast the one that is refused.
                        "edge.fetch.attempt-timeout", "9s"));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    @Test
    void isRefusedUntilThereIsMemoryAgain() throws Exception {
        var large = HostedObject.random(23, 4 * CHUNK_BYTES);
        var small = HostedObject.random(29, 1000);
        var gate = new Gate();
        try (var origin = FaultOrigin.start().serve("/large", large).serve("/small", small)) {
            var largeId = edge.publish(Publication.of(origin.uri("/large")).withChunkSize(CHUNK_BYTES));
            var smallId = edge.publish(Publication.of(origin.uri("/small")).withChunkSize(CHUNK_BYTES));
            int before = origin.requests("/large").size();
            origin.on("/large").always(new Fault.HoldUntil(gate));
            try (var client = RawHttp.connect(edge.uri(largeId))) {
                client.request("GET", edge.uri(largeId), Map.of());
                origin.awaitRequests("/large", before + 4);
                assertProblem(503, Set.of("overloaded"), edge.get(smallId));
                gate.open();
                assertWhole(large, client.response());
            }
            assertWhole(small, edge.get(smallId));
        }
    }

    @Test
    void doesNotTouchWhatIsInMemory() throws Exception {
        var large = HostedObject.random(31, 4 * CHUNK_BYTES);
        var hot = HostedObject.random(37, 1000);
        var gate = new Gate();
        try (var origin = FaultOrigin.start().serve("/large", large).serve("/hot", hot)) {
            var largeId = edge.publish(Publication.of(origin.uri("/large")).withChunkSize(CHUNK_BYTES));
            var hotId = edge.publish(Publication.of(origin.uri("/hot")));
            assertWhole(hot, edge.get(hotId));
            int before = origin.requests("/large").size();
            origin.on("/large").always(new Fault.HoldUntil(gate));
            try (var client = RawHttp.connect(edge.uri(largeId))) {
                client.request("GET", edge.uri(largeId), Map.of());
                origin.awaitRequests("/large", before + 4);
                assertWhole(hot, edge.get(hotId));
                gate.open();
                assertWhole(large, client.response());
            }
        }
    }
}
