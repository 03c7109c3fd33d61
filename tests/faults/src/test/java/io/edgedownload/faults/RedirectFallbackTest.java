package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With edge.fallback.mode=redirect a client is sent to S3 with a presigned address instead of being served from there. */
class RedirectFallbackTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(41, 300_000);
    private static final Map<String, String> RANGE = Map.of("Range", "bytes=70000-140000");

    private static Edge edge;

    private FaultOrigin origin;
    private String id;

    @BeforeAll
    static void startEdge() throws Exception {
        edge = Edge.start("redirect", Map.of("edge.fallback.mode", "redirect"));
    }

    @AfterAll
    static void stopEdge() {
        edge.close();
    }

    @BeforeEach
    void publish() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    private static URI location(RawResponse answer) {
        assertEquals(307, answer.status(), answer::toString);
        return URI.create(answer.field("Location").orElseThrow());
    }

    @Test
    void aWellOriginServesThroughHere() throws IOException {
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void theLocationServesTheSameRange() throws Exception {
        origin.refuseConnections();
        var location = location(edge.get(id, RANGE));
        assertPart(OBJECT, 70_000, 140_000, RawHttp.get(location, RANGE));
    }

    @Test
    void theLocationServesNoOtherRange() throws Exception {
        origin.refuseConnections();
        var location = location(edge.get(id, RANGE));
        assertEquals(403, RawHttp.get(location, Map.of("Range", "bytes=0-1")).status());
    }

    @Test
    void theLocationServesTheWhole() throws IOException {
        origin.on(PATH).always(new Fault.WrongContentRange(1));
        assertWhole(OBJECT, RawHttp.get(location(edge.get(id))));
    }

    @Test
    void theLocationMayNotBeKept() throws Exception {
        origin.refuseConnections();
        assertEquals("no-store", edge.get(id, RANGE).field("Cache-Control").orElse("none"));
    }

    @Test
    void aChunkIsServedFromTheLocationWithItsRange() throws Exception {
        origin.refuseConnections();
        var answer = RawHttp.get(URI.create(edge.uri(id) + "?chunk=2&size=65536"));
        // The client of a chunk knows no Range to send: it is served through here.
        assertEquals(206, answer.status(), answer::toString);
        assertPart(OBJECT, 65_536, 131_071, answer);
    }
}
