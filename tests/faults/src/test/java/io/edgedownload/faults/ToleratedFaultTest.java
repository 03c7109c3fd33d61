package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that one source alone survives: they pass, or are none by HTTP. */
@ExtendWith(SharedEdge.class)
class ToleratedFaultTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(13, 300_000);

    private final Edge edge;
    private FaultOrigin origin;

    ToleratedFaultTest(Edge edge) {
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

    static Stream<Fault> passing() {
        return Stream.of(
                new Fault.ResetAt(0), new Fault.ResetAt(20_000), new Fault.TruncateAt(20_000), new Fault.Status(500));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aFaultThatPassesIsSurvived(Fault fault) throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.on(PATH).next(fault);
        assertPart(OBJECT, 10, 60_000, "origin", edge.part(id, 10, 60_000));
        assertEquals(1, origin.requestsWith(fault).size());
    }

    @Test
    void aReusedConnectionThatDiesBeforeTheAnswerIsReplaced() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.onEvery().always(new Fault.RstOnReusedConnection());
        assertPart(OBJECT, 10, 60_000, "origin", edge.part(id, 10, 60_000));
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void aPartInChunkedCodingIsAPart() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.on(PATH).always(new Fault.NoLength());
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void threeRedirectsAreFollowed() throws Exception {
        origin.on("/1").always(new Fault.RedirectTo("/2"));
        origin.on("/2").always(new Fault.RedirectTo("3"));
        origin.on("/3").always(new Fault.RedirectTo(origin.uri(PATH).toString()));
        var id = edge.publish(Publication.of(origin.uri("/1")));
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void whatWasFetchedBeforeTheOriginDiedIsStillThere() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertWhole(OBJECT, edge.get(id));
        origin.refuseConnections();
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void whatIsInTheCatalogNeedsNoOrigin() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.refuseConnections();
        var head = RawHttp.exchange("HEAD", edge.uri(id), Map.of());
        assertEquals(200, head.status());
        assertEquals(
                OBJECT.lengthBytes(), head.fields().number("Content-Length").orElseThrow());
    }

    @Test
    void anOriginThatComesBackIsUsedAgain() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.refuseConnections();
        assertEquals(502, edge.get(id).status());
        origin.acceptConnections();
        assertWhole(OBJECT, edge.get(id));
    }
}
