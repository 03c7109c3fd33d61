package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;

import io.edgedownload.faults.Publication.StoredObject;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The last source is dead, and S3, played by an origin with a script, falls sick too. */
class StoreFaultTest {

    private static final String PATH = "/object";
    private static final StoredObject STORED = new StoredObject("bucket", "key");
    private static final String STORED_PATH = "/bucket/key";
    private static final HostedObject OBJECT = HostedObject.random(43, 300_000);

    private static FaultOrigin s3;
    private static Edge edge;

    private FaultOrigin origin;

    @BeforeAll
    static void startEdge() throws Exception {
        s3 = FaultOrigin.start().serve(STORED_PATH, OBJECT);
        edge = Edge.start("store", Map.of("edge.s3.endpoint", s3.uri("").toString()));
    }

    @AfterAll
    static void stopEdge() throws IOException {
        edge.close();
        s3.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    private String publishedThenDead(boolean digested) throws Exception {
        var publication = Publication.of(origin.uri(PATH)).withS3(STORED);
        var id = edge.publish(digested ? publication.withDigest() : publication);
        origin.refuseConnections();
        return id;
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.of("reset", new Fault.ResetAt(0), 502, "origin-unreachable"),
                Row.of("reset in the body", new Fault.ResetAt(20_000), 502, "origin-unreachable"),
                Row.of("no answer", new Fault.AcceptAndStall(), 504, "deadline"),
                Row.of("truncated", new Fault.TruncateAt(20_000), 502, "origin-unreachable", "origin-lied"),
                Row.of("shifted Content-Range", new Fault.WrongContentRange(1), 502, "origin-lied"),
                Row.of("200 to a range", new Fault.FullBody200(), 502, "origin-lied"),
                Row.of("wrong bytes", new Fault.WrongBytes(), 502, "integrity").onlyByDigest(),
                Row.of("another object", new Fault.ChangedEtag("\"other\""), 412, "generation-changed"),
                Row.of("500", new Fault.Status(500), 502, "origin-error"),
                Row.of("403", new Fault.Status(403), 502, "origin-access"),
                Row.of("redirect to metadata", new Fault.RedirectTo("http://169.254.169.254/"), 502, "source-refused"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theClientIsToldBeforeTheHead(Row row) throws Exception {
        var id = publishedThenDead(row.digested());
        row.sickness().befall(s3, STORED_PATH);
        try {
            assertProblem(row.status(), row.problems(), edge.part(id, 70_000, 140_000));
        } finally {
            s3.heal();
        }
    }

    @Test
    void aWellStoreServesWhatTheDeadOriginHeld() throws Exception {
        var id = publishedThenDead(false);
        assertPart(OBJECT, 70_000, 140_000, "s3", edge.part(id, 70_000, 140_000));
        assertWhole(OBJECT, edge.get(id));
    }

    @Test
    void anObjectThatIsNowhereIs404() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withS3(STORED));
        origin.on(PATH).always(new Fault.Status(404));
        s3.on(STORED_PATH).always(new Fault.Status(404));
        try {
            assertProblem(404, Set.of("object-missing"), edge.get(id));
        } finally {
            s3.heal();
        }
    }
}
