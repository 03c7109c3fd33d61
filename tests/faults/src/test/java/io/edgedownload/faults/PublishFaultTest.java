package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.Fault.HeadLie;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources that are sick while they are published: nothing is registered that could not be served. */
@ExtendWith(SharedEdge.class)
class PublishFaultTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(53, 100_000);

    private final Edge edge;
    private FaultOrigin origin;

    PublishFaultTest(Edge edge) {
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

    @ParameterizedTest
    @EnumSource
    void aHeadThatLiesIsCorrectedByARangedGet(HeadLie lie) throws Exception {
        origin.on(PATH).always(new Fault.HeadLies(lie));
        assertWhole(OBJECT, edge.get(edge.publish(Publication.of(origin.uri(PATH)))));
    }

    static Stream<HostedObject> others() {
        return Stream.of(HostedObject.random(53, 100_001), HostedObject.random(54, 100_000));
    }

    @ParameterizedTest
    @MethodSource("others")
    void sourcesThatDisagreeAreRefused(HostedObject other) throws Exception {
        try (var second = FaultOrigin.start().serve(PATH, other)) {
            assertNotPublished(409, Set.of("sources-disagree"), Publication.of(origin.uri(PATH), second.uri(PATH)));
        }
    }

    @Test
    void aDigestIsNotTakenOfAnObjectThatChangesMeanwhile() throws Exception {
        var other = HostedObject.random(54, 100_000);
        origin.on(request -> request.ifMatch().isPresent()).always(new Fault.ChangedObject(other));
        var id = Edge.newId();
        var answer = edge.publish(id, Publication.of(origin.uri(PATH)).withDigest());
        assertEquals(4, answer.status() / 100, answer::toString);
        assertEquals(404, edge.get(id).status());
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.of("connection refused", (origin, path) -> origin.refuseConnections(), 502, "source-unreachable"),
                Row.of("reset", new Fault.ResetAt(0), 502, "source-unreachable"),
                Row.of("no answer", new Fault.AcceptAndStall(), 504, "deadline"),
                Row.of("404", new Fault.Status(404), 502, "source-unreachable"),
                Row.of("403", new Fault.Status(403), 502, "origin-access", "source-unreachable"),
                Row.of("garbage", new Fault.GarbageHead(), 502, "source-unreachable", "origin-lied"),
                Row.of("gzip on a range", new Fault.ContentEncodingGzip(), 502, "origin-lied", "source-unreachable"),
                Row.of("redirects without end", new Fault.RedirectTo(PATH), 502, "source-refused", "origin-lied"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aSickSourceIsNamedAsTheReason(Row row) throws Exception {
        row.sickness().befall(origin, PATH);
        assertNotPublished(row.status(), row.problems(), Publication.of(origin.uri(PATH)));
    }

    private void assertNotPublished(int status, Set<String> problems, Publication publication) throws IOException {
        var id = Edge.newId();
        assertProblem(status, problems, edge.publish(id, publication));
        assertEquals(404, edge.get(id).status());
    }
}
