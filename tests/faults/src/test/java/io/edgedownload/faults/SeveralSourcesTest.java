package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The order of sources, and what a client hears when they fail for different reasons. */
@ExtendWith(SharedEdge.class)
class SeveralSourcesTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(17, 60_000);

    private final Edge edge;
    private FaultOrigin first;
    private FaultOrigin second;

    SeveralSourcesTest(Edge edge) {
        this.edge = edge;
    }

    @BeforeEach
    void start() throws IOException {
        first = FaultOrigin.start().serve(PATH, OBJECT);
        second = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        first.close();
        second.close();
    }

    private String publish() throws IOException {
        return edge.publish(Publication.of(first.uri(PATH), second.uri(PATH)));
    }

    @Test
    void theFirstSourceIsAskedFirst() throws Exception {
        var id = publish();
        int before = second.requests(PATH).size();
        assertWhole(OBJECT, edge.get(id));
        assertEquals(before, second.requests(PATH).size());
    }

    @Test
    void oneSourceWithoutTheObjectIsNotAMissingObject() throws Exception {
        var id = publish();
        first.on(PATH).always(new Fault.Status(404));
        second.on(PATH).always(new Fault.Status(403));
        assertProblem(502, Set.of("origin-access"), edge.get(id));
    }

    @Test
    void aLieIsToldBeforeADeadConnection() throws Exception {
        var id = publish();
        first.on(PATH).always(new Fault.WrongContentRange(1));
        second.on(PATH).always(new Fault.ResetAt(0));
        assertProblem(502, Set.of("origin-lied"), edge.get(id));
    }

    @Test
    void aNameThatDoesNotExistIsLeftForTheNextSource() throws Exception {
        var id = withFirstSourceAt("nxdomain.invalid", publish());
        assertPart(OBJECT, 10, 50_000, "origin", edge.part(id, 10, 50_000));
    }

    @Test
    void namesThatDoNotExistAreSaidToBeTheReason() throws Exception {
        var id = withFirstSourceAt("nxdomain.invalid", edge.publish(Publication.of(first.uri(PATH))));
        assertProblem(502, Set.of("origin-name"), edge.get(id));
    }

    @Test
    void sourcesInTheCatalogAreCheckedWhenConnecting() throws Exception {
        var id = withFirstSourceAt("169.254.169.254", edge.publish(Publication.of(first.uri(PATH))));
        assertProblem(502, Set.of("source-refused"), edge.get(id));
    }

    /** A copy of a manifest under a new id, its first source at another host, as if its name had changed since. */
    private String withFirstSourceAt(String host, String id) throws IOException {
        var copy = Edge.newId();
        var manifest = Files.readString(edge.manifest(id))
                .replace(id, copy)
                .replace(first.uri("").getAuthority(), host + ":" + first.port());
        Files.writeString(edge.manifest(copy), manifest);
        return copy;
    }
}
