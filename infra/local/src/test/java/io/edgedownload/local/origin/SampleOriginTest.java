package io.edgedownload.local.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleOriginTest {
    private static final byte[] CONTENT = new byte[100_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    private Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private SampleOrigin origin;

    @BeforeEach
    void start() throws IOException {
        var files = Files.createDirectory(directory.resolve("origin"));
        Files.write(files.resolve("file"), CONTENT);
        Files.createFile(files.resolve("empty"));
        Files.writeString(directory.resolve("secret"), "not served");
        origin = SampleOrigin.start(files, directory.resolve("origin.log"), 0, 0);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        origin.close();
    }

    @Test
    void servesTheWholeFileUnderAStrongETag() throws Exception {
        var response = get("/file");

        assertEquals(200, response.statusCode());
        assertArrayEquals(CONTENT, response.body());
        assertEquals("bytes", header(response, "Accept-Ranges"));
        assertTrue(header(response, "ETag").matches("\"[0-9a-f]{32}\""), header(response, "ETag"));
        assertTrue(header(response, "Last-Modified").endsWith(" GMT"));
    }

    @Test
    void servesARange() throws Exception {
        var response = get("/file", "Range", "bytes=99990-");

        assertEquals(206, response.statusCode());
        assertEquals("bytes 99990-99999/100000", header(response, "Content-Range"));
        assertArrayEquals(Arrays.copyOfRange(CONTENT, 99_990, 100_000), response.body());
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() throws Exception {
        var head = HttpRequest.newBuilder(uri("/file")).HEAD().build();

        var response = client.send(head, BodyHandlers.ofByteArray());

        assertEquals("100000", header(response, "Content-Length"));
        assertEquals(new OriginStats(1, 1, 0, 0), origin.stats());
    }

    @Test
    void servesAnEmptyFile() throws Exception {
        assertEquals("0", header(get("/empty"), "Content-Length"));
        assertEquals(416, get("/empty", "Range", "bytes=0-").statusCode());
    }

    @Test
    void servesNothingOutsideItsDirectory() throws Exception {
        assertEquals(404, get("/missing").statusCode());
        assertEquals(404, get("/..%2Fsecret").statusCode());
        assertEquals(404, get("/../secret").statusCode());
    }

    @Test
    void changesTheETagWithTheContent() throws Exception {
        var before = header(get("/file"), "ETag");
        Files.write(directory.resolve("origin").resolve("file"), new byte[99]);

        assertNotEquals(before, header(get("/file"), "ETag"));
    }

    @Test
    void refusesConnectionsWhenOffAndComesBackOnTheSamePort() throws Exception {
        origin.switchTo(OriginMode.OFF);
        assertThrows(ConnectException.class, () -> get("/file"));

        origin.switchTo(OriginMode.ON);
        assertEquals(200, get("/file").statusCode());
    }

    @Test
    void corruptsBytesAndNothingElse() throws Exception {
        var right = get("/file");
        origin.switchTo(OriginMode.CORRUPT);

        var wrong = get("/file");

        assertEquals(right.headers().firstValue("ETag"), wrong.headers().firstValue("ETag"));
        assertEquals(CONTENT.length, wrong.body().length);
        assertFalse(Arrays.equals(CONTENT, wrong.body()));
    }

    @Test
    void tricklesTheRightBytes() throws Exception {
        origin.switchTo(OriginMode.SLOW);

        assertArrayEquals(CONTENT, get("/file").body());
    }

    @Test
    void spoilsEveryThirdAnswerInTurnWhenFlaky() {
        origin.switchTo(OriginMode.FLAKY);

        var outcomes = new ArrayList<String>();
        for (int request = 0; request < 9; request++) {
            outcomes.add(outcome());
        }

        assertEquals(List.of("200", "200", "503", "200", "200", "cut", "200", "200", "cut"), outcomes);
        assertEquals(3, origin.stats().faults());
    }

    @Test
    void isSwitchedAndCountedOverTheControlPort() throws Exception {
        var switched = control("POST", "/-/mode?to=off");
        assertEquals("the sample origin is off\n", switched.body());
        assertEquals(OriginMode.OFF, origin.mode());

        assertEquals(
                "{\"mode\":\"off\",\"requests\":0,\"heads\":0,\"faults\":0,\"bytes\":0}\n",
                control("GET", "/-/stats").body());
        assertEquals(400, control("POST", "/-/mode?to=sideways").statusCode());
        assertEquals(404, control("GET", "/-/mode?to=on").statusCode());
    }

    @Test
    void logsOneLineARequest() throws Exception {
        get("/file", "Range", "bytes=0-9");
        // The line is written when the answer is complete, which the client may see first; closing waits for it.
        origin.close();

        var lines = Files.readAllLines(directory.resolve("origin.log"));

        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().endsWith(" GET /file bytes=0-9 -> 206, 10 bytes"), lines.getFirst());
    }

    private String outcome() {
        try {
            return Integer.toString(get("/file").statusCode());
        } catch (IOException cut) {
            return "cut";
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private HttpResponse<String> control(String method, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(origin.controlUri().resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create(origin.uri() + path);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }
}
