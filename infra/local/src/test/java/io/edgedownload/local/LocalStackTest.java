package io.edgedownload.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.LocalStack.Options;
import io.edgedownload.local.LocalStack.Ports;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackTest {
    @TempDir
    private Path directory;

    @Test
    void servesTheSamplesAndFindsItsDataAgain() throws Exception {
        String token;
        try (var first = LocalStack.start(Options.in(directory))) {
            token = first.adminToken();
            assertEquals("hello world", get(first.origin().uri().resolve("/sample-11")));
        }

        try (var second = LocalStack.start(Options.in(directory))) {
            assertEquals(token, second.adminToken());
            assertTrue(Files.exists(directory.resolve("origin").resolve("sample-64m")));
        }
    }

    @Test
    void publishesTheSamplesOnceAndHandsOutSignedChunks() throws Exception {
        try (var stack = LocalStack.start(Options.in(directory));
                var client = stack.client()) {
            stack.publishSamples();
            var requests = stack.origin().stats().requests();
            stack.publishSamples();

            assertEquals(requests, stack.origin().stats().requests());
            assertEquals("hello world", get(stack.edge().uri().resolve("/download/sample-11")));
            assertEquals("hello world", get(client.firstChunk(Sample.ELEVEN).url()));
        }
    }

    @Test
    void leavesNothingRunningWhenItIsClosed() throws Exception {
        var stack = LocalStack.start(Options.in(directory));

        stack.close();

        assertFalse(stack.edge().handle().isAlive());
        assertThrows(ConnectException.class, () -> get(stack.origin().uri()));
        assertThrows(ConnectException.class, () -> get(stack.s3().endpoint()));
    }

    @Test
    void refusesADataDirectoryThatAnotherStackUses() throws Exception {
        try (var owner = DataDirectory.open(directory)) {
            var failure = assertThrows(StartFailure.class, () -> LocalStack.start(Options.in(directory)));

            assertTrue(failure.toString().contains("is in use by another local stack"), failure.toString());
            assertTrue(Files.exists(owner.originFiles()));
        }
    }

    @Test
    void namesATakenPortAndItsOptionBeforeAnythingStarts() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var port = taken.getLocalPort();
            var options = new Options(directory, EdgeProcess.runnerInProject(), new Ports(0, 0, port, 0), Map.of());

            var failure = assertThrows(StartFailure.class, () -> LocalStack.start(options));

            assertEquals(
                    "port " + port + " is already in use by another program: choose another with --s3-port N",
                    failure.getMessage());
        }
    }

    private static String get(URI uri) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
