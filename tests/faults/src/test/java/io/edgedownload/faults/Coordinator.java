package io.edgedownload.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.FreePort;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.EdgeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A coordinator in a process of its own. */
final class Coordinator implements AutoCloseable {
    static final String TOKEN = "fault-tests-coordinator-token";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final EdgeProcess process;
    private final int port;

    private Coordinator(EdgeProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param settings beside its name, token and ports */
    static Coordinator start(String name, Map<String, String> settings) throws IOException, InterruptedException {
        return start(name, settings, Map.of());
    }

    /** @param environment beside its token */
    static Coordinator start(String name, Map<String, String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target", "edges")), name + "-");
        int port = FreePort.next();
        Map<String, String> all = new HashMap<>(settings);
        all.put("coordinator.name", name);
        all.put("quarkus.grpc.server.host", "127.0.0.1");
        all.put("quarkus.grpc.server.port", String.valueOf(port));
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("COORDINATOR_TOKEN", TOKEN);
        var launch = new EdgeProcess.Launch(
                runner(), 0, all, variables, directory.resolve("coordinator.log"), START_LIMIT, List.of());
        return new Coordinator(EdgeProcess.start(launch), port);
    }

    private static Path runner() {
        Path functions = EdgeProcess.runnerInProject().resolve("../../../..").normalize();
        return functions.resolve("coordinator/target/quarkus-app/quarkus-run.jar");
    }

    /** Of its streams. */
    int port() {
        return port;
    }

    /** What it knows of the instance that joined in this zone; null when it knows none. */
    @Nullable
    JsonObject edgeIn(String zone) throws IOException {
        RawResponse answer = RawHttp.get(process.uri().resolve("/edges"), Map.of("Authorization", "Bearer " + TOKEN));
        assertEquals(200, answer.status(), answer::toString);
        return new JsonObject(answer.text())
                .getJsonArray("edges").stream()
                        .map(JsonObject.class::cast)
                        .filter(edge -> zone.equals(edge.getString("zone")))
                        .findFirst()
                        .orElse(null);
    }

    /** How often the instance in this zone told of it, as far as is stored. */
    long events(String zone, String kind) throws IOException {
        JsonObject edge = edgeIn(zone);
        return edge == null
                ? 0
                : edge.getJsonObject("events").getJsonObject("counts").getLong(kind, 0L);
    }

    /** The ids of the traces in which the last events of this kind happened; empty for those in none. */
    List<String> traces(String zone, String kind) throws IOException {
        JsonObject edge = edgeIn(zone);
        return edge == null
                ? List.of()
                : edge.getJsonObject("events").getJsonArray("recent").stream()
                        .map(JsonObject.class::cast)
                        .filter(event -> kind.equals(event.getString("kind")))
                        .map(event -> event.getString("trace"))
                        .toList();
    }

    /** Its metrics as Prometheus text. */
    String metrics() throws IOException {
        return RawHttp.get(process.uri().resolve("/q/metrics"), Map.of()).text();
    }

    void drain(String zone, boolean wanted) throws IOException {
        JsonObject edge = edgeIn(zone);
        String instance = edge == null ? "nobody" : edge.getString("instance");
        var uri = process.uri().resolve("/edges/" + instance + "/drain");
        RawResponse answer =
                RawHttp.exchange(wanted ? "PUT" : "DELETE", uri, Map.of("Authorization", "Bearer " + TOKEN));
        assertEquals(202, answer.status(), answer::toString);
    }

    /** Ends it without giving it time for anything, and waits until it is gone. */
    void kill() {
        process.handle().destroyForcibly();
        process.handle().onExit().join();
    }

    @Override
    public void close() {
        process.close();
    }
}
