package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Filling the cache ahead of the clients. */
@ExtendWith(SharedEdge.class)
class WarmTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(59, 300_000);

    private final Edge edge;
    private FaultOrigin origin;
    private String id;

    WarmTest(Edge edge) {
        this.edge = edge;
    }

    @BeforeEach
    void publish() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        id = edge.publish(Publication.of(origin.uri(PATH)));
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void whatIsWarmOutlivesTheOrigin() throws Exception {
        assertEquals(200, edge.call("warm", id).status());
        origin.refuseConnections();
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void whatIsEvictedDoesNot() throws Exception {
        assertEquals(200, edge.call("warm", id).status());
        assertEquals(204, edge.call("evict", id).status());
        origin.refuseConnections();
        assertProblem(502, Set.of("origin-unreachable"), edge.get(id));
    }

    @Test
    void aSickOriginIsTold() throws Exception {
        origin.on(PATH).always(new Fault.WrongContentRange(1));
        assertProblem(502, Set.of("origin-lied"), edge.call("warm", id));
    }
}
