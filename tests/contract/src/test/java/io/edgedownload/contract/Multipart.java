package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of {@code multipart/byteranges} (RFC 9110 §14.6, RFC 2046 §5.1): delimiters on lines of their own,
 * CRLF everywhere, every part with its Content-Range, a closing delimiter and nothing after it.
 */
final class Multipart {

    /** RFC 2046 §5.1.1: 1 to 70 characters; quoted or a token. */
    private static final Pattern CONTENT_TYPE =
            Pattern.compile("multipart/byteranges; ?boundary=(\"?)([0-9a-zA-Z'()+_,./:=?-]{1,70})\\1");

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]+)-([0-9]+)/([0-9]+)");

    /** One part: where it lies in the object, how long the object is, the part's media type and its bytes. */
    static final class Part {
        private final long first;
        private final long last;
        private final long length;
        private final Map<String, String> headers;
        private final byte[] bytes;

        private Part(Matcher range, Map<String, String> headers, byte[] bytes) {
            this.first = Long.parseLong(range.group(1));
            this.last = Long.parseLong(range.group(2));
            this.length = Long.parseLong(range.group(3));
            this.headers = headers;
            this.bytes = bytes;
        }

        long first() {
            return first;
        }

        long last() {
            return last;
        }

        long length() {
            return length;
        }

        String header(String name) {
            String value = headers.get(name);
            return value == null ? fail("part " + first + "-" + last + " has no " + name) : value;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private final byte[] body;
    private int at;

    private Multipart(byte[] body) {
        this.body = body;
    }

    /** The parts of a 206 answer with several ranges. */
    static List<Part> parts(Reply reply) {
        reply.expect(206);
        reply.expectHeader("Content-Length", Integer.toString(reply.body().length));
        // RFC 9110 §15.3.7.2: the Content-Range of a multipart answer stands in its parts only.
        assertTrue(
                reply.header("Content-Range").isEmpty(), () -> "multipart with a Content-Range of its own: " + reply);
        Matcher type = CONTENT_TYPE.matcher(reply.required("Content-Type"));
        assertTrue(type.matches(), () -> "Content-Type of " + reply);
        return new Multipart(reply.body()).read(type.group(2));
    }

    private List<Part> read(String boundary) {
        List<Part> parts = new ArrayList<>();
        if (body.length > 1 && body[0] == '\r' && body[1] == '\n') {
            at = 2; // An empty preamble; nothing else may stand before the first delimiter.
        }
        expect("--" + boundary + "\r\n");
        boolean closed = false;
        while (!closed) {
            Map<String, String> headers = headers();
            Matcher range = CONTENT_RANGE.matcher(headers.getOrDefault("Content-Range", ""));
            assertTrue(range.matches(), () -> "Content-Range of a part: " + headers);
            int size = Math.toIntExact(Long.parseLong(range.group(2)) - Long.parseLong(range.group(1)) + 1);
            parts.add(new Part(range, headers, take(size)));
            expect("\r\n--" + boundary);
            closed = body.length - at >= 2 && body[at] == '-' && body[at + 1] == '-';
            expect(closed ? "--" : "\r\n");
        }
        String rest = new String(body, at, body.length - at, StandardCharsets.ISO_8859_1);
        assertTrue(rest.isEmpty() || rest.equals("\r\n"), () -> "after the closing delimiter: " + rest);
        return parts;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            assertTrue(colon > 0, "no header line: " + line);
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            assertEquals(null, headers.put(name, line.substring(colon + 1).strip()), "twice in one part: " + name);
        }
        return headers;
    }

    private String line() {
        int start = at;
        while (at + 1 < body.length && !(body[at] == '\r' && body[at + 1] == '\n')) {
            at++;
        }
        assertTrue(at + 1 < body.length, "a part's head does not end");
        String line = new String(body, start, at - start, StandardCharsets.ISO_8859_1);
        at += 2;
        return line;
    }

    private byte[] take(int size) {
        assertTrue(at + size <= body.length, "a part ends early");
        byte[] bytes = java.util.Arrays.copyOfRange(body, at, at + size);
        at += size;
        return bytes;
    }

    private void expect(String text) {
        int end = Math.min(body.length, at + text.length());
        assertEquals(text, new String(body, at, end - at, StandardCharsets.ISO_8859_1), "at byte " + at);
        at = end;
    }
}
