package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Garbage in never becomes a 5xx out. A closed connection or no answer to half a request is fine; an answer below 500 is
 * fine; and afterwards the edge serves as before.
 */
@ExtendWith(AgainstTarget.class)
final class MalformedRequestContract {

    private static final String CLOSE = "Connection: close";
    private static final int ROUNDS = 60;
    private static final int PATIENCE_MILLIS = 2_000;

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "*",
            "-",
            ",",
            ";",
            "\"",
            "W/",
            "W/\"",
            "\"\"",
            "0",
            "-0",
            "-1",
            "NaN",
            "bytes=",
            "bytes=-",
            "bytes=9-1",
            "bytes=0-0,",
            "bytes=,,,,",
            "bytes=0-0,-0,1-",
            "bytes=18446744073709551616-",
            "\u00ff\u00fe",
            "%00",
            "v1.a.b.c.d",
            "00-0-0-0",
            "Thu, 99 Foo 2024 99:99:99 GMT",
            "Mon, 01 Jan 0000 00:00:00 GMT",
            "{}",
            "\"a\",,\"b\"",
            "'",
            "<>",
            "a".repeat(2000),
            "bytes=" + "0-1,".repeat(500));
    private static final List<String> FIELDS = List.of(
            "Range",
            "If-Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Accept",
            "Accept-Encoding",
            "traceparent",
            "tracestate",
            "ce-deadline",
            "Origin",
            "Authorization",
            "Cookie",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "Content-Type",
            "TE",
            "Via",
            "Cache-Control");
    private static final List<String> PATHS = List.of(
            "/download/sample-11",
            "/download/sample-empty",
            "/download/nosuch",
            "/download/",
            "/download/%",
            "/download/..%2f..",
            "/",
            "//",
            "/resolve",
            "/publish",
            "/q/health/nosuch",
            "/q",
            "*",
            "?",
            "/%ff%fe",
            "/download/sample-11?chunk=%",
            "/download/sample-11?chunk=1&chunk=2",
            "/download/sample-11?&&==&",
            "/download/sample-11?size=65536",
            "/download/sample-11?chunk=1&size=65536&sig=%%%",
            "/download/\u00e4");

    private final EdgeClient edge;

    MalformedRequestContract(Target target) {
        this.edge = target.edge();
    }

    @Test
    void randomBytes() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] garbage = new byte[1 + random.nextInt(400)];
            random.nextBytes(garbage);
            expectNoServerError(new String(garbage, StandardCharsets.ISO_8859_1) + "\r\n\r\n");
        }
        expectStillServing();
    }

    @Test
    void goodRequestsWithBytesChanged() throws Exception {
        Random random = new Random(2);
        String good = request(
                "GET",
                "/download/sample-11?chunk=1&size=65536",
                "If-None-Match: \"x\"",
                "Accept: */*",
                "Range: bytes=0-4",
                CLOSE);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder request = new StringBuilder(good);
            for (int change = 0; change <= random.nextInt(6); change++) {
                int at = random.nextInt(request.length());
                // The version is left alone: 505 is the right answer to one that the edge does not speak.
                boolean version = at >= request.indexOf(" HTTP/") && at < request.indexOf("\r\n");
                request.setCharAt(at, version ? request.charAt(at) : (char) random.nextInt(256));
            }
            expectNoServerError(request + "\r\n\r\n");
        }
        expectStillServing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST\0",
                "POST\u0001",
                "\0POST",
                "PO\0ST",
                "POST\u007f",
                "post",
                "GET\0",
                "GETGET",
                "G\u00c4T",
                "*",
                "_"
            })
    void oddMethods(String method) throws Exception {
        for (String path : List.of("/resolve", "/publish", "/download/sample-11")) {
            String json = "{\"id\":\"sample-11\"}";
            String head =
                    request(method, path, CLOSE, "Content-Type: application/json", "Content-Length: " + json.length());
            expectNoServerError(head + json);
        }
        expectStillServing();
    }

    @Test
    void oddTargets() throws Exception {
        for (String path : PATHS) {
            expectNoServerError(request("GET", path, CLOSE));
            expectNoServerError(request("HEAD", path, CLOSE));
            expectNoServerError(request("OPTIONS", path, CLOSE));
        }
        Random random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder path = new StringBuilder("/download/");
            for (int i = random.nextInt(60); i > 0; i--) {
                path.append("abz09._-~/%?&=;:@#+[]{}|\\^`<>\"'".charAt(random.nextInt(31)));
            }
            expectNoServerError(request("GET", path.toString(), CLOSE));
        }
        expectStillServing();
    }

    @Test
    void oddFields() throws Exception {
        Random random = new Random(4);
        for (int round = 0; round < 2 * ROUNDS; round++) {
            List<String> fields = new ArrayList<>(List.of(CLOSE));
            for (int i = 0; i <= random.nextInt(4); i++) {
                fields.add(pick(FIELDS, random) + ": " + pick(VALUES, random));
            }
            expectNoServerError(request("GET", pick(PATHS.subList(0, 3), random), fields.toArray(String[]::new)));
        }
        expectStillServing();
    }

    @Test
    void oddJson() throws Exception {
        Random random = new Random(5);
        byte[] good = "{\"id\":\"sample-11\",\"first\":0,\"last\":10}".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 2 * ROUNDS; round++) {
            byte[] bad = good.clone();
            for (int change = 0; change <= random.nextInt(5); change++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            String function = random.nextBoolean() ? "/resolve" : "/presign";
            String body = new String(bad, StandardCharsets.ISO_8859_1);
            String head =
                    request("POST", function, CLOSE, "Content-Type: application/json", "Content-Length: " + bad.length);
            expectNoServerError(head + body);
        }
        expectStillServing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1\r\n\r\n",
                "Content-Length: abc\r\n\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "Content-Length: 99999999999999999999\r\n\r\n",
                "Content-Length: 5, 6\r\n\r\nhello",
                "Content-Length: +5\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip\r\n\r\n",
                "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Expect: 200-ok\r\nContent-Length: 0\r\n\r\n",
                "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: !!\r\n\r\n",
                "No colon here\r\n\r\n",
                ": no name\r\n\r\n",
                "Space : before\r\n\r\n",
                " Leading: space\r\n\r\n",
                "Folded: a\r\n b\r\n\r\n",
                "Null: a\u0000b\r\n\r\n",
                "Bare: a\rb\r\n\r\n",
            })
    void oddFraming(String rest) throws Exception {
        for (String line : List.of("GET /download/sample-11", "POST /resolve", "POST /publish")) {
            expectNoServerError(line + " HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n" + rest);
        }
        expectStillServing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET /download/sample-11\r\n\r\n",
                "GET  /download/sample-11  HTTP/1.1\r\nHost: edge\r\n\r\n",
                "GET /download/sample-11 HTTP\r\n\r\n",
                "GET /download/sample-11 FTP/1.1\r\n\r\n",
                "GET /download/sample-11 HTTP/x.y\r\n\r\n",
                "GET /download/sample-11 HTTP/1.1\r\n\r\n",
                "GET /download/sample-11 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /download/sample-11 HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET http:// HTTP/1.1\r\nHost: edge\r\n\r\n",
                "GET http://[::1 HTTP/1.1\r\nHost: edge\r\n\r\n",
                "CONNECT edge:80 HTTP/1.1\r\nHost: edge\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: edge\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\r\n\r\n\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
            })
    void oddStartLines(String request) throws Exception {
        expectNoServerError(request);
        expectStillServing();
    }

    @Test
    void aHeadThatNeverEndsIsCutOff() throws Exception {
        expectNoServerError("GET /download/" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: edge\r\n\r\n");
        expectNoServerError("GET / HTTP/1.1\r\nHost: edge\r\nX: " + "a".repeat(100_000) + "\r\n\r\n");
        expectNoServerError("GET / HTTP/1.1\r\nHost: edge\r\n" + "X: y\r\n".repeat(20_000) + "\r\n");
        expectStillServing();
    }

    private void expectStillServing() {
        assertEquals("hello world", edge.get("/download/sample-11").expect(200).text());
        edge.get("/q/health/live").expect(200);
    }

    private void expectNoServerError(String request) throws IOException {
        answerTo(request)
                .ifPresent(reply -> assertTrue(
                        reply.status() < 500,
                        () -> reply + " to " + request.substring(0, Math.min(500, request.length()))));
    }

    /** The answer, or empty when the edge closed or waits for more. */
    private Optional<Reply> answerTo(String request) throws IOException {
        try (RawConnection raw = new RawConnection(edge.base(), PATIENCE_MILLIS)) {
            return Optional.of(raw.send(request).answer("HEAD"));
        } catch (EOFException | SocketException | SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    private static String pick(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
