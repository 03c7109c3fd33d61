package io.edgedownload.edge;

import io.edgedownload.fixtures.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Consul agent whose keys nobody reads or writes without the token: a child process on 127.0.0.1. */
final class ConsulServer implements AutoCloseable {
    static final String TOKEN = "5a0a3fdb-4a2f-4d6e-8d3a-0c4f9be3ac11";

    private static final int TRIES = 400;

    private final Process process;
    private final URI uri;

    private ConsulServer(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** On the PATH, or where ./test unpacked it. */
    static Optional<Path> installed() {
        Stream<Path> onPath = Stream.of(System.getenv("PATH").split(":", -1)).map(folder -> Path.of(folder, "consul"));
        Stream<Path> unpacked = Stream.of(Path.of("../../target/consul/usr/bin/consul"));
        return Stream.concat(onPath, unpacked).filter(Files::isExecutable).findFirst();
    }

    static ConsulServer start(Path program, Path folder) throws IOException, InterruptedException {
        Path config = Files.writeString(
                folder.resolve("consul.json"),
                "{\"acl\":{\"enabled\":true,\"default_policy\":\"deny\",\"tokens\":{\"master\":\"" + TOKEN + "\"}}}");
        List<Integer> ports = freePorts();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "agent",
                        "-dev",
                        "-config-file=" + config,
                        "-bind=127.0.0.1",
                        "-http-port=" + ports.get(0),
                        "-server-port=" + ports.get(1),
                        "-serf-lan-port=" + ports.get(2),
                        "-serf-wan-port=" + ports.get(3),
                        "-dns-port=-1",
                        "-grpc-port=-1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("consul.log").toFile())
                .start();
        ConsulServer server = new ConsulServer(process, URI.create("http://127.0.0.1:" + ports.get(0)));
        try {
            server.awaitLeader(folder);
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
        return server;
    }

    URI uri() {
        return uri;
    }

    /** Keys can be read from when there is a leader that has made the token. */
    private void awaitLeader(Path folder) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve("/v1/kv/none"))
                .header("X-Consul-Token", TOKEN)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int tries = 0; tries < TRIES; tries++) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    break;
                }
                try {
                    if (client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 404) {
                        return;
                    }
                } catch (IOException notYet) {
                    // It does not listen yet.
                }
            }
        }
        throw new IOException("Consul did not start: " + Files.readString(folder.resolve("consul.log")));
    }

    private static List<Integer> freePorts() throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int port = 0; port < 4; port++) {
            ports.add(FreePort.next());
        }
        return ports;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
