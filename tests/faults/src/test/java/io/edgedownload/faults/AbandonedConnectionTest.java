package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is kept of a client that has gone, whatever it had sent, and no client can make as many series of metrics as it likes. */
class AbandonedConnectionTest {
    /** More than the kernel takes for a client that does not read. */
    private static final HostedObject OBJECT = HostedObject.random(97, 24 << 20);

    private static final int CHUNK_BYTES = 1 << 20;
    private static final Pattern CONNECTIONS = Pattern.compile("(?m)^http_server_active_connections\\{.*} (\\S+)$");

    private static FaultOrigin origin;
    private static Edge edge;
    private static String id;

    @BeforeAll
    static void start() throws Exception {
        origin = FaultOrigin.start().serve("/object", OBJECT);
        edge = Edge.start("abandoned", Map.of());
        id = edge.publish(Publication.of(origin.uri("/object")).withChunkSize(CHUNK_BYTES));
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GARBAGE\r\n\r\n",
                "GET / HTTP/1.1\r\nHost",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n",
                "POST /resolve HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n{\"id\"",
                "POST /resolve HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"i",
                "POST /resolve HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
            })
    void anAnswerThatNobodyWaitsForEndsWhateverCameBehindItsRequest(String behind) throws Exception {
        for (int client = 0; client < 5; client++) {
            try (var http = RawHttp.connectSlow(edge.uri(id))) {
                http.send("GET /download/" + id + " HTTP/1.1\r\nHost: a\r\n\r\n" + behind);
                assertBegunOrClosed(http);
                http.leave();
            }
        }
        // The one that asks for the metrics is there too.
        await("the connections are still counted", () -> connections() <= 1);
        assertFalse(edge.log().contains("NullPointerException"), "it failed inside");
    }

    /** What is no body ends the connection at once. */
    private static void assertBegunOrClosed(RawHttp http) {
        try {
            assertEquals(200, http.head().status());
        } catch (IOException e) {
            assertEquals("closed before the head", e.getMessage());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (var http = RawHttp.connect(edge.uri(id))) {
            var requests = new StringBuilder();
            for (int part = 0; part < 20; part++) {
                requests.append("GET /download/%s HTTP/1.1\r\nHost: a\r\nRange: bytes=%d-%d\r\n\r\n"
                        .formatted(id, part * 1000, part * 1000 + 999));
            }
            var json = "{\"id\":\"%s\"}".formatted(id);
            requests.append(
                    "POST /resolve HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(json.length(), json));
            http.send(requests.toString());
            for (int part = 0; part < 20; part++) {
                RawResponse answer = http.response();
                assertEquals(206, answer.status(), answer::toString);
                assertArrayEquals(OBJECT.slice(part * 1000L, part * 1000L + 999), answer.body());
            }
            assertEquals(200, http.response().status());
        }
    }

    @Test
    void methodsAndIdsOfClientsAreNoLabels() throws Exception {
        for (int number = 0; number < 20; number++) {
            var uri = edge.uri("nobody-" + number);
            assertEquals(405, RawHttp.exchange("MINE" + number, uri, Map.of()).status());
            assertEquals(404, RawHttp.exchange("GET", uri, Map.of()).status());
        }
        await("nothing is counted", () -> edge.metrics().contains("method=\"_OTHER\""));
        var metrics = edge.metrics();
        assertFalse(metrics.contains("MINE"), metrics);
        assertFalse(metrics.contains("nobody"), metrics);
        assertFalse(metrics.contains(id), metrics);
    }

    @Test
    void whatIsNoHttpFillsNoLog() throws Exception {
        for (int client = 0; client < 50; client++) {
            try (var http = RawHttp.connect(edge.uri(id))) {
                http.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nno frame at all, but longer than the head of one");
                http.leave();
            }
            // Without Host.
            assertEquals(400, answerTo("GET /download/" + id + " HTTP/1.1\r\n\r\n"));
        }
        var noise = edge.log()
                .lines()
                .filter(line -> line.contains("ConnectionBase") || line.contains("QuarkusErrorHandler"))
                .count();
        assertTrue(noise <= 4, noise + " lines of it");
    }

    private static int answerTo(String request) throws IOException {
        try (var http = RawHttp.connect(edge.uri(id))) {
            http.send(request);
            return http.head().status();
        }
    }

    private static double connections() throws IOException {
        var series = CONNECTIONS.matcher(edge.metrics());
        return series.find() ? Double.parseDouble(series.group(1)) : Double.MAX_VALUE;
    }
}
