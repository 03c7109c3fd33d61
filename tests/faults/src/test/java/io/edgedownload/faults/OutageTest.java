package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Neither the source nor S3 can be reached any more. */
class OutageTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(93, 300_000);
    private static final int CHUNK = 65_536;

    @Test
    void whatIsKeptGoesOnAndTheRestIsRefusedUntilASourceIsBack() throws Exception {
        try (Edge edge = Edge.start("outage", Map.of("edge.degraded.after", "0s"));
                FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT)) {
            String id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
            assertPart(OBJECT, 0, CHUNK - 1, "origin", edge.part(id, 0, CHUNK - 1));
            assertTrue(edge.readiness().contains("normal"));

            origin.refuseConnections();
            edge.loseStore();
            assertProblem(503, Set.of("outage"), edge.part(id, CHUNK, 2 * CHUNK - 1));
            RawResponse kept = edge.part(id, 10, 20);
            assertPart(OBJECT, 10, 20, kept);
            assertEquals(
                    "edge; fwd=stale; detail=memory", kept.field("Cache-Status").orElse("none"));
            assertTrue(kept.field("Warning").isEmpty(), "obsolete (RFC 9111 §5.5)");
            assertEquals(1, edge.metric("edge_degraded_downloads"));
            assertEquals(1, edge.metric("edge_degraded_entered_total"));
            assertTrue(edge.readiness().contains("degraded"));

            origin.acceptConnections();
            assertWhole(OBJECT, edge.get(id));
            assertEquals(
                    "edge; hit; detail=memory",
                    edge.part(id, 10, 20).field("Cache-Status").orElse("none"));
            assertEquals(0, edge.metric("edge_degraded_downloads"));
            assertTrue(edge.readiness().contains("normal"));
            assertTrue(edge.log().contains("no longer degraded"), "the end is told");
        }
    }

    @Test
    void whatNobodyCouldConfirmForTooLongIsDeliveredNoMore() throws Exception {
        Map<String, String> brief = Map.of(
                "edge.revalidation.fresh", "0s",
                "edge.revalidation.stale-while-revalidate", "0s",
                "edge.revalidation.stale-if-error", "0s",
                "edge.revalidation.patience", "20s");
        try (Edge edge = Edge.start("expired", brief);
                FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT)) {
            String id = edge.publish(Publication.of(origin.uri(PATH)));
            assertWhole(OBJECT, edge.get(id));
            origin.refuseConnections();

            assertProblem(503, Set.of("outage"), edge.get(id));
        }
    }
}
