package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertBytes;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that does not read makes the fill wait. */
@ExtendWith(SharedEdge.class)
class BackPressureTest {

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int CHUNKS = 128;

    /** Four chunks ahead, and what the kernel takes into the socket's buffers: 6 MiB at the very most. */
    private static final int CHUNKS_WITHOUT_READING = 40;

    private final Edge edge;

    BackPressureTest(Edge edge) {
        this.edge = edge;
    }

    @Test
    void theFillWaitsForASlowReaderAndGoesOnWhenItReads() throws Exception {
        var object = HostedObject.random(5, CHUNKS * CHUNK_BYTES);
        try (var origin = FaultOrigin.start().serve("/slow", object).serve("/quick", object)) {
            var slow = edge.publish(Publication.of(origin.uri("/slow")).withChunkSize(CHUNK_BYTES));
            var quick = edge.publish(Publication.of(origin.uri("/quick")).withChunkSize(CHUNK_BYTES));
            int before = origin.requests("/slow").size();
            try (var reader = RawHttp.connectSlow(edge.uri(slow))) {
                reader.request("GET", edge.uri(slow), Map.of());
                var head = reader.head();
                assertEquals(200, head.status());
                // All of another download passes meanwhile: time enough for a fill that nothing holds back.
                assertWhole(object, edge.get(quick));
                int fetched = origin.requests("/slow").size() - before;
                assertTrue(fetched <= CHUNKS_WITHOUT_READING, () -> fetched + " chunks fetched for nobody");
                assertBytes(object.bytes(), reader.rest(head, 0));
            }
            assertEquals(CHUNKS, origin.requests("/slow").size() - before);
        }
    }
}
