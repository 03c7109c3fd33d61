package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Without a place to send spans to there are none, and nobody hears of them. */
@ExtendWith(SharedEdge.class)
class UntracedTest {

    private static final HostedObject OBJECT = HostedObject.random(92, 1000);

    private final Edge edge;

    UntracedTest(Edge edge) {
        this.edge = edge;
    }

    @Test
    void neitherTheOriginNorTheLogHearsOfTraces() throws Exception {
        try (var origin = FaultOrigin.start().serve("/object", OBJECT)) {
            var id = edge.publish(Publication.of(origin.uri("/object")));
            var fields = Map.of(
                    "Range", "bytes=0-9", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            assertPart(OBJECT, 0, 9, edge.get(id, fields));

            assertEquals(
                    Optional.empty(),
                    origin.requests("/object").getLast().fields().first("traceparent"));
            assertFalse(edge.log().contains("4317"));
        }
    }
}
