package io.edgedownload.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fleet.FleetClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Peers that are known by a client certificate. */
@QuarkusTest
@TestProfile(MutualTls.class)
final class MutualTlsTest {
    @Inject
    @SuppressWarnings("NullAway.Init") // by Quarkus
    Vertx vertx;

    @Test
    void aTrustedCertificateLetsIn() throws Exception {
        try (TestPeer peer = peer("server", "client", null)) {
            assertEquals("one", peer.awaitJoined());
        }
    }

    @Test
    void withoutACertificateAPeerIsUnauthenticated() throws Exception {
        for (String token : new String[] {null, "", TokenDeployment.TOKEN}) {
            try (TestPeer peer = peer("server", null, token)) {
                String reason = peer.awaitLoss();
                assertTrue(reason.startsWith("UNAUTHENTICATED"), reason);
            }
        }
    }

    @Test
    void aCertificateThatNothingTrustsDoesNotConnect() throws Exception {
        try (TestPeer peer = peer("server", "stranger", null)) {
            String reason = peer.awaitLoss();
            assertFalse(peer.client().joined(), reason);
        }
    }

    @Test
    void aCoordinatorThatIsNotTrustedHearsNothing() throws Exception {
        try (TestPeer peer = peer("stranger", "client", null)) {
            String reason = peer.awaitLoss();
            assertTrue(reason.contains("SSL") || reason.contains("certif"), reason);
        }
    }

    private TestPeer peer(String trusted, @Nullable String shown, @Nullable String token) {
        var config = ConfigProvider.getConfig();
        int port = config.getValue("quarkus.grpc.server.test-port", Integer.class);
        Path folder = Path.of(config.getValue(MutualTls.FOLDER, String.class));
        return new TestPeer(
                vertx,
                new FleetClient.Settings(
                        URI.create("https://127.0.0.1:" + port),
                        token,
                        new FleetClient.Tls(
                                folder.resolve(trusted + ".pem"),
                                shown == null ? null : folder.resolve(shown + ".pem"),
                                shown == null ? null : folder.resolve(shown + ".key")),
                        Duration.ofMillis(200),
                        100),
                "by-certificate");
    }
}
