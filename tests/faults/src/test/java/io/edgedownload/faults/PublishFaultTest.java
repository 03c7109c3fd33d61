package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.Fault.HeadLie;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
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

    /** What befalls the source, and a part of the sentence that tells the publisher. */
    record Reason(Row row, String said) {
        @Override
        public String toString() {
            return row.name();
        }
    }

    static Stream<Reason> reasons() {
        return Stream.of(
                new Reason(unusable("connection refused", (origin, path) -> origin.refuseConnections()), "reached"),
                new Reason(unusable("reset", new Fault.ResetAt(0)), "reached"),
                new Reason(unusable("no answer", new Fault.AcceptAndStall()), "in time"),
                new Reason(unusable("404", new Fault.Status(404)), "not there"),
                new Reason(unusable("403", new Fault.Status(403)), "refuses access"),
                new Reason(unusable("500", new Fault.Status(500)), "500"),
                new Reason(unusable("garbage", new Fault.GarbageHead()), "reached"),
                new Reason(unusable("no ranges", new Fault.FullBody200()), "must serve ranges"),
                new Reason(unusable("shifted range", new Fault.WrongContentRange(1)), "Content-Range"),
                new Reason(unusable("gzip on a range", new Fault.ContentEncodingGzip()), "Content-Encoding"),
                new Reason(unusable("redirects without end", new Fault.RedirectTo(PATH)), "redirects"));
    }

    private static Row unusable(String name, Fault fault) {
        return Row.of(name, fault, 409, "source-unusable");
    }

    private static Row unusable(String name, Row.Sickness sickness) {
        return Row.of(name, sickness, 409, "source-unusable");
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void aSickSourceIsRefusedAndThePublisherToldWhy(Reason reason) throws Exception {
        reason.row().sickness().befall(origin, PATH);
        var answer =
                assertNotPublished(reason.row().status(), reason.row().problems(), Publication.of(origin.uri(PATH)));
        assertTrue(answer.text().contains(reason.said()), answer::toString);
    }

    @Test
    void aSourceThatIsNoLongerThereKeepsThePublishedGeneration() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        origin.on("/gone").always(new Fault.Status(404));
        assertEquals(409, edge.publish(id, Publication.of(origin.uri("/gone"))).status());
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void anObjectThatChangedIsServedAfterItIsPublishedAgain() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        assertWhole(OBJECT, edge.get(id));
        var other = HostedObject.random(55, 90_000);
        origin.serve(PATH, other);
        assertEquals(200, edge.publish(id, Publication.of(origin.uri(PATH))).status());
        assertWhole(other, edge.get(id));
    }

    private RawResponse assertNotPublished(int status, Set<String> problems, Publication publication)
            throws IOException {
        var id = Edge.newId();
        var answer = edge.publish(id, publication);
        assertProblem(status, problems, answer);
        assertEquals(404, edge.get(id).status());
        return answer;
    }
}
