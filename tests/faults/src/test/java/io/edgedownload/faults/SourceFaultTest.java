package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginEvent;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A source falls sick after publication, for ever. What is left decides what the client gets. */
@ExtendWith(SharedEdge.class)
class SourceFaultTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(7, 300_000);
    private static final HostedObject OTHER = HostedObject.random(8, 300_000);

    private final Edge edge;
    private FaultOrigin sick;

    SourceFaultTest(Edge edge) {
        this.edge = edge;
    }

    @BeforeEach
    void start() throws IOException {
        sick = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        sick.close();
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.of("connection refused", (origin, path) -> origin.refuseConnections(), 502, "origin-unreachable"),
                Row.of("reset before the head", new Fault.ResetAt(0), 502, "origin-unreachable"),
                Row.of("reset in the body", new Fault.ResetAt(20_000), 502, "origin-unreachable"),
                Row.of("no answer", new Fault.AcceptAndStall(), 504, "deadline"),
                Row.of("stall after the head", new Fault.StallAt(0), 504, "deadline"),
                Row.of("stall in the body", new Fault.StallAt(20_000), 504, "deadline"),
                Row.of("trickle", new Fault.Trickle(1000), 504, "deadline"),
                Row.of("truncated", new Fault.TruncateAt(20_000), 502, "origin-unreachable", "origin-lied"),
                Row.of("short Content-Length", new Fault.ShortContentLength(100), 502, "origin-lied"),
                Row.of("200 to a range", new Fault.FullBody200(), 502, "origin-lied"),
                Row.of("shifted Content-Range", new Fault.WrongContentRange(1), 502, "origin-lied"),
                Row.of("wrong total length", new Fault.WrongTotalLength(1), 502, "origin-lied"),
                Row.of("missing Content-Range", new Fault.MissingContentRange(), 502, "origin-lied"),
                Row.of("gzip on a range", new Fault.ContentEncodingGzip(), 502, "origin-lied"),
                Row.of("206 with another ETag", new Fault.ChangedEtag("\"other\""), 412, "generation-changed"),
                Row.of("412 from a changed object", new Fault.ChangedObject(OTHER), 412, "generation-changed"),
                Row.of("wrong bytes", new Fault.WrongBytes(), 502, "integrity").onlyByDigest(),
                Row.of("garbage for a head", new Fault.GarbageHead(), 502, "origin-unreachable", "origin-lied"),
                Row.of("huge head", new Fault.HugeHeaders(300_000), 502, "origin-unreachable", "origin-lied"),
                Row.of("500", new Fault.Status(500), 502, "origin-error"),
                Row.of("504", new Fault.Status(504), 502, "origin-error"),
                Row.of("503", new Fault.Status(503, Map.of("Retry-After", "30")), 503, "origin-busy"),
                Row.of("429", new Fault.Status(429, Map.of("Retry-After", "30")), 503, "origin-busy"),
                Row.of("404", new Fault.Status(404), 404, "object-missing"),
                Row.of("410", new Fault.Status(410), 404, "object-missing"),
                Row.of("401", new Fault.Status(401), 502, "origin-access"),
                Row.of("403", new Fault.Status(403), 502, "origin-access"),
                Row.of("204", new Fault.Status(204), 502, "origin-lied"),
                Row.of("redirect to metadata", redirect("http://169.254.169.254/latest"), 502, "source-refused"),
                Row.of("redirect to a private address", redirect("http://10.0.0.1/"), 502, "source-refused"),
                Row.of("redirect to a file", redirect("file:///etc/passwd"), 502, "source-refused", "origin-lied"),
                Row.of("redirect to itself", redirect(PATH), 502, "source-refused", "origin-lied"));
    }

    private static Fault redirect(String location) {
        return new Fault.RedirectTo(location);
    }

    private String publishedThenSick(Row row, Publication publication) throws Exception {
        var id = edge.publish(row.digested() ? publication.withDigest() : publication);
        row.sickness().befall(sick, PATH);
        return id;
    }

    private void assertFaultWasMet() {
        boolean met = sick.events().stream()
                .anyMatch(event -> event instanceof OriginEvent.Asked asked
                        && asked.fault().isPresent());
        assertTrue(met || refuses(), "the fault was never met");
    }

    private boolean refuses() {
        try (var http = RawHttp.connect(sick.uri(PATH))) {
            http.leave();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theNextSourceStepsIn(Row row) throws Exception {
        try (var well = FaultOrigin.start().serve(PATH, OBJECT)) {
            var id = publishedThenSick(row, Publication.of(sick.uri(PATH), well.uri(PATH)));
            assertPart(OBJECT, 70_000, 140_000, "origin", edge.part(id, 70_000, 140_000));
            assertWhole(OBJECT, edge.get(id));
            assertFaultWasMet();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void s3StepsIn(Row row) throws Exception {
        var id = publishedThenSick(row, Publication.of(sick.uri(PATH)).withS3(edge.store(OBJECT)));
        assertPart(OBJECT, 70_000, 140_000, "s3", edge.part(id, 70_000, 140_000));
        assertWhole(OBJECT, edge.get(id));
        assertFaultWasMet();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void withNothingLeftTheClientIsToldBeforeTheHead(Row row) throws Exception {
        var id = publishedThenSick(row, Publication.of(sick.uri(PATH)));
        assertProblem(row.status(), row.problems(), edge.part(id, 70_000, 140_000));
        assertProblem(row.status(), row.problems(), edge.get(id));
        assertFaultWasMet();
    }
}
