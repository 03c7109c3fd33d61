package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The suite's reader of multipart answers lets nothing sloppy pass. */
final class MultipartTest {

    private static final String GOOD = """
            --b\r
            Content-Range: bytes 0-1/9\r
            \r
            ab\r
            --b\r
            Content-Type: text/plain\r
            Content-Range: bytes 4-4/9\r
            \r
            c\r
            --b--\r
            """;

    @Test
    void readsPartsInOrder() {
        List<Multipart.Part> parts = Multipart.parts(reply(GOOD));
        assertEquals(2, parts.size());
        assertEquals("ab", new String(parts.get(0).bytes(), StandardCharsets.US_ASCII));
        assertEquals(4, parts.get(1).first());
        assertEquals("text/plain", parts.get(1).header("content-type"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b--\r\n",
                "--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab",
                "--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--b",
                "--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--b--\r\nmore",
                "--b\r\nContent-Range: bytes 0-1/9\r\n\r\nabc\r\n--b--",
                "--b\r\nContent-Range: bytes 0-1/9\r\n\r\na\r\n--b--",
                "--b\r\nContent-Type: text/plain\r\n\r\nab\r\n--b--",
                "--b\nContent-Range: bytes 0-1/9\n\nab\n--b--",
                "--c\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--c--",
                "preamble\r\n--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--b--",
            })
    void refusesWhatIsNotExactlyMultipart(String body) {
        Reply reply = reply(body);
        assertThrows(AssertionError.class, () -> Multipart.parts(reply));
    }

    private static Reply reply(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        Map<String, List<String>> headers = Map.of(
                "Content-Type", List.of("multipart/byteranges; boundary=b"),
                "Content-Length", List.of(Integer.toString(bytes.length)));
        return new Reply("test", 206, headers, bytes);
    }
}
