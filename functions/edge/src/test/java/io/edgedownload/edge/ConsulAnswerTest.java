package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.edgedownload.engine.catalog.Documents.Reading;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What Consul would never send, but whatever stands in its place might. */
@QuarkusTest
@TestProfile(OpenDeployment.class)
final class ConsulAnswerTest {
    private static final int LARGE_BYTES = 8 << 20;

    @Test
    void anAnswerThatIsTooLargeIsAFailureAndIsNotKept() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, LARGE_BYTES);
                exchange.getResponseBody().write(new byte[LARGE_BYTES]);
            } catch (IOException cut) {
                // As it should be.
            }
        });
        server.start();
        try {
            ConsulKeyValue consul = QuarkusRestClientBuilder.newBuilder()
                    .baseUri(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                    .build(ConsulKeyValue.class);
            ConsulDocuments documents = new ConsulDocuments(
                    consul, "edge-download/", null, task -> Thread.ofVirtual().start(task));
            Reading reading = documents.read("name", null, Deadline.after(Duration.ofSeconds(30), Ticker.system()));
            String reason = assertInstanceOf(Reading.Failed.class, reading).reason();
            assertTrue(reason.contains("edge-download/name") && reason.contains("larger than 1048576 bytes"), reason);
        } finally {
            server.stop(0);
        }
    }
}
