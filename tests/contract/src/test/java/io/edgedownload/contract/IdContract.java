package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ids there can be, how they are spelled in a path, and that every other path is 404. */
@ExtendWith(AgainstTarget.class)
final class IdContract {

    private final Target target;
    private final EdgeClient edge;

    IdContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuch",
                "sample-1",
                "sample-111",
                "SAMPLE-11",
                "sample-11/x",
                "x/sample-11",
                "a/b/c/d/e/f",
                "~",
                "-",
                "_",
                "...",
                "a..b",
                ".hidden",
                "nosuch%2Ffile"
            })
    void anUnknownIdIs404(String id) {
        edge.get("/download/" + id).expectProblem(404, "unknown-id");
        edge.head("/download/" + id).expect(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/download/",
                "/download//",
                "/download//sample-11",
                "/download/sample-11/",
                "/download/sample-11//",
                "/download/..",
                "/download/../download/nosuch",
                "/download/a/../sample-11",
                "/download/sample-11/..",
                "/download/%2e%2e",
                "/download/a/%2e%2e/sample-11",
                "/download/..%2Fsample-11",
                "/download/a%2F..%2Fsample-11",
                "/download/%2Fsample-11",
                "/download/sample-11%2F",
                "/download/a%2F%2Fb",
                "/download/..%2F..%2F..%2Fetc%2Fpasswd",
                "/download/%252e%252e",
                "/download/sample%2D11%00",
                "/download/%00",
                "/download/a%20b",
                "/download/a+b",
                "/download/a:b",
                "/download/a@b",
                "/download/a;b",
                "/download/sample-11;v=1",
                "/download/a%5Cb",
                "/download/..%5C..%5Cetc",
                "/download/a%0D%0AX-Injected:%20yes",
                "/download/%C3%A4",
                "/download/%FF",
                "/download/a*b",
                "/download/%7B%7D",
                "/download/%3Fchunk=1",
                "/download/%23",
            })
    void aPathThatIsNoIdIs404(String path) throws Exception {
        // Raw, because a client would tidy up dot segments on its own.
        Reply reply = raw(path);
        reply.expectProblem(404);
        assertTrue(reply.header("X-Injected").isEmpty(), reply::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/download/%", "/download/%z", "/download/%zz", "/download/sample-11%2"})
    void brokenPercentEncodingIsTheClientsMistake(String path) throws Exception {
        Reply reply = raw(path);
        assertTrue(reply.status() == 400 || reply.status() == 404, reply::toString);
    }

    @Test
    void anIdHasAtMost200Characters() {
        edge.get("/download/" + "a".repeat(200)).expectProblem(404, "unknown-id");
        edge.get("/download/" + "a".repeat(201)).expectProblem(404);
        edge.get("/download/" + "a/".repeat(1000) + "a").expectProblem(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/download/sample%2D11", "/download/%73ample-11"})
    void encodedAndLiteralUnreservedCharactersAreTheSame(String path) {
        // RFC 3986 §2.3: URIs that differ only so are equivalent.
        assertArrayEquals(
                "hello world".getBytes(StandardCharsets.US_ASCII),
                edge.get(path).expect(200).body());
    }

    @Test
    void aSlashMayBeLiteralOrEncoded() {
        byte[] bytes = "in a folder".getBytes(StandardCharsets.US_ASCII);
        String id = target.freshId("folder") + "/sub/file.bin";
        target.functions().publish(id, target.origin().put("/" + id, bytes, "\"folder\""));
        edge.get("/download/" + id).expect(200).expectBody(bytes);
        edge.get("/download/" + id.replace("/", "%2F")).expect(200).expectBody(bytes);
        edge.get("/download/" + id.replace("/", "%2f")).expect(200).expectBody(bytes);
        edge.get("/download/" + id.replaceFirst("/", "%2F"), "Range", "bytes=3-3")
                .expect(206)
                .expectHeader("Content-Range", "bytes 3-3/11");
        edge.get("/download/" + id.replace("/sub/file.bin", "")).expectProblem(404, "unknown-id");
    }

    @Test
    void everyAllowedCharacterAndTheGreatestLengthWork() {
        byte[] bytes = "long name".getBytes(StandardCharsets.US_ASCII);
        String start = target.freshId("Az09._-~");
        String id = start + "/" + "x".repeat(199 - start.length());
        target.functions().publish(id, target.origin().put("/long", bytes, "\"long\""));
        edge.get("/download/" + id).expect(200).expectBody(bytes);
    }

    private Reply raw(String path) throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            return raw.send(request("GET", path, "Connection: close")).answer("GET");
        }
    }
}
