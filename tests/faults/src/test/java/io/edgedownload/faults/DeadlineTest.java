package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.fixtures.BodyEnd;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The caller's own deadline, shorter than every limit of the functions. */
@ExtendWith(SharedEdge.class)
class DeadlineTest {

    private static final String PATH = "/object";
    private static final String EXPECTED = "x-envoy-expected-rq-timeout-ms";
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final HostedObject OBJECT = HostedObject.random(19, 10 * CHUNK_BYTES);

    private final Edge edge;
    private FaultOrigin origin;

    DeadlineTest(Edge edge) {
        this.edge = edge;
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
    void thatPassesBeforeTheHeadIs504() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.on(PATH).always(new Fault.AcceptAndStall());
        assertProblem(504, Set.of("deadline"), edge.get(id, Map.of(EXPECTED, "300")));
    }

    @Test
    void thatPassesAfterTheHeadCutsTheConnection() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var never = new Gate();
        origin.on(request -> request.range()
                        .filter(range -> range.startsWith("bytes=" + 9 * CHUNK_BYTES))
                        .isPresent())
                .always(new Fault.HoldUntil(never));
        try (var client = RawHttp.connect(edge.uri(id))) {
            client.request("GET", edge.uri(id), Map.of(EXPECTED, "800"));
            var head = client.head();
            assertEquals(200, head.status());
            var answer = client.rest(head, 0);
            assertInstanceOf(BodyEnd.Reset.class, answer.end());
            assertArrayEquals(OBJECT.slice(0, answer.body().length - 1L), answer.body());
        }
    }

    @Test
    void travelsToTheOriginAsWhatIsLeft() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertWhole(OBJECT, edge.get(id, Map.of(EXPECTED, "5000")));
        var left = origin.requests(PATH).getLast().fields().number(EXPECTED).orElseThrow();
        assertEquals(true, 0 < left && left <= 5000, () -> "left: " + left);
    }

    @Test
    void thatIsNoNumberIsIgnored() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertWhole(OBJECT, edge.get(id, Map.of(EXPECTED, "soon")));
    }
}
