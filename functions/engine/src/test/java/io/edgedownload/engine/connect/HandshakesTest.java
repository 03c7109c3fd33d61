package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.TlsFront;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real handshake. */
final class HandshakesTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final Handshakes handshakes = new Handshakes(Ticker.system());

    @Test
    void aHandshakeIsTimedFromTheConnectionOn(@TempDir Path directory) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (FaultOrigin origin = FaultOrigin.start().serve("/file", HostedObject.ofText("hello world"));
                TlsFront front = TlsFront.start(origin.port(), directory)) {
            HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setSsl(true)
                    .setTrustAll(true)
                    .setVerifyHost(false)
                    .setSslEngineOptions(new TimedTls(handshakes)));
            HttpClientRequest request = client.request(
                            HttpMethod.GET, front.uri("/file").getPort(), "127.0.0.1", "/file")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertFalse(handshakes.underWay(HERE, front.uri("/file").getPort()));
            assertTrue(handshakes.takenNanos(request.connection()) > 0);
            assertEquals(0, handshakes.takenNanos(request.connection()), "it is told once");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
