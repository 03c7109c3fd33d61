package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.fixtures.BodyEnd;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.FaultScript;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginRequest;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The last chunk goes wrong when the first is on its way already: only a cut connection tells the truth then. */
@ExtendWith(SharedEdge.class)
class AfterHeadTest {

    private static final String PATH = "/object";
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int LAST_CHUNK_AT = 9 * CHUNK_BYTES;
    private static final HostedObject OBJECT = HostedObject.random(11, LAST_CHUNK_AT + 10_000);

    private final Edge edge;
    private FaultOrigin origin;

    AfterHeadTest(Edge edge) {
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

    private FaultScript<OriginRequest, Fault> onLastChunk() {
        // What came of it before a fault is not asked for again.
        return origin.on(request -> request.range()
                .filter(range -> Long.parseLong(range.replaceAll("bytes=([0-9]+)-.*", "$1")) >= LAST_CHUNK_AT)
                .isPresent());
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.ResetAt(0),
                new Fault.ResetAt(500),
                new Fault.TruncateAt(500),
                new Fault.StallAt(500),
                new Fault.WrongContentRange(1),
                new Fault.ShortContentLength(10),
                new Fault.WrongBytes(),
                new Fault.ChangedEtag("\"other\""),
                new Fault.Status(404),
                new Fault.Status(500));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theConnectionIsCutAndAllThatCameIsRight(Fault fault) throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)).withDigest());
        onLastChunk().always(fault);
        try (var client = RawHttp.connect(edge.uri(id))) {
            client.request("GET", edge.uri(id), Map.of());
            var head = client.head();
            assertEquals(200, head.status());
            assertEquals(
                    OBJECT.lengthBytes(), head.fields().number("Content-Length").orElseThrow());
            var answer = client.rest(head, 0);
            assertInstanceOf(BodyEnd.Reset.class, answer.end(), answer::toString);
            var came = answer.body();
            assertArrayEquals(OBJECT.slice(0, came.length - 1L), came);
        }
    }

    @Test
    void aMultipartAnswerIsCutToo() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        onLastChunk().always(new Fault.Status(500));
        var answer = edge.get(id, Map.of("Range", "bytes=0-99,%d-".formatted(LAST_CHUNK_AT)));
        assertEquals(206, answer.status(), answer::toString);
        assertInstanceOf(BodyEnd.Reset.class, answer.end(), answer::toString);
    }

    /** Its digest is in the head, so all of its bytes are there before anything is sent. */
    @Test
    void aChunkThatLacksItsEndIsAProblem() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        onLastChunk().always(new Fault.Status(500));
        var lastOfTwo = URI.create(edge.uri(id) + "?chunk=5&size=" + 2 * CHUNK_BYTES);
        assertProblem(502, Set.of("origin-error"), RawHttp.get(lastOfTwo));
    }

    @Test
    void aClientThatComesBackForTheRestGetsItOnceTheOriginIsWell() throws Exception {
        var id = edge.publish(Publication.of(origin.uri(PATH)));
        var sick = onLastChunk().always(new Fault.Status(500));
        var cut = edge.get(id);
        assertInstanceOf(BodyEnd.Reset.class, cut.end());
        sick.heal();
        var rest = edge.get(
                id,
                Map.of(
                        "Range", "bytes=%d-".formatted(LAST_CHUNK_AT),
                        "If-Range", cut.field("ETag").orElseThrow()));
        assertPart(OBJECT, LAST_CHUNK_AT, OBJECT.lengthBytes() - 1L, rest);
    }

    @Test
    void anotherSourceSavesAnAnswerUnderWay() throws Exception {
        try (var well = FaultOrigin.start().serve(PATH, OBJECT)) {
            var id = edge.publish(Publication.of(origin.uri(PATH), well.uri(PATH)));
            onLastChunk().always(new Fault.ResetAt(500));
            assertWhole(OBJECT, edge.get(id));
        }
    }
}
