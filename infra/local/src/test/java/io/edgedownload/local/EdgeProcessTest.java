package io.edgedownload.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeProcessTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void isReadyWhenStartReturnsAndGoneWhenStopReturns() throws Exception {
        try (var client = HttpClient.newHttpClient();
                var edge = EdgeProcess.start(launch(EdgeProcess.runnerInProject(), 0))) {
            var ready = HttpRequest.newBuilder(edge.uri().resolve("/q/health/ready"))
                    .build();
            assertEquals(200, client.send(ready, BodyHandlers.discarding()).statusCode());

            edge.stop();

            assertFalse(edge.handle().isAlive());
        }
    }

    @Test
    void namesThePortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var launch = launch(Path.of("never-started.jar"), taken.getLocalPort());

            var failure = assertThrows(StartFailure.class, () -> EdgeProcess.start(launch));

            assertEquals(
                    "port " + taken.getLocalPort()
                            + " is already in use by another program: choose another with --port N",
                    failure.getMessage());
        }
    }

    @Test
    void tellsWhyTheProcessEndedEarly() {
        var launch = launch(directory.resolve("missing.jar"), 0);

        var failure = assertThrows(StartFailure.class, () -> EdgeProcess.start(launch));

        assertTrue(failure.toString().contains("exit code 1"), failure.toString());
        assertTrue(failure.toString().contains("missing.jar"), failure.toString());
    }

    private EdgeProcess.Launch launch(Path runner, int port) {
        return new EdgeProcess.Launch(
                runner, port, Map.of("quarkus.profile", "local"), Map.of(), directory.resolve("edge.log"), START_LIMIT);
    }
}
