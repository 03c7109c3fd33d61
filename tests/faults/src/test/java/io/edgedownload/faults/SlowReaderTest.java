package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that all but stops reading holds memory for nothing: it is cut, and nobody else. */
class SlowReaderTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(71, 32 * 1024 * 1024);

    /** A bound against hanging: many times what passes before the cut. */
    private static final int MANY = 50_000;

    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        edge = Edge.start("reader", Map.of("edge.client.read-window", "1s", "edge.deadline.total", "60s"));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    @Test
    void isCutWhileOthersAreServed() throws Exception {
        var small = HostedObject.random(73, 1000);
        try (var origin = FaultOrigin.start().serve(PATH, OBJECT).serve("/small", small)) {
            var id = edge.publish(Publication.of(origin.uri(PATH)).withChunkSize(1024 * 1024));
            var other = edge.publish(Publication.of(origin.uri("/small")));
            try (var reader = RawHttp.connectSlow(edge.uri(id))) {
                reader.request("GET", edge.uri(id), Map.of());
                var head = reader.head();
                assertEquals(200, head.status());
                int served = 0;
                while (isOpen(reader) && served < MANY) {
                    assertWhole(small, edge.get(other));
                    served++;
                }
                assertTrue(served < MANY, "the reader was never cut");
                var answer = reader.rest(head, 0);
                // The system told of the reset once, to the send that failed.
                assertFalse(answer.isComplete(), answer::toString);
                assertArrayEquals(OBJECT.slice(0, answer.body().length - 1L), answer.body());
            }
        }
    }

    /** Sends what a server skips before a request line (RFC 9112 §2.2); that fails once the connection was reset. */
    private static boolean isOpen(RawHttp reader) {
        try {
            reader.send("\r\n");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
