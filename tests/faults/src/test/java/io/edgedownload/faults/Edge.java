package io.edgedownload.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.faults.Publication.StoredObject;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.EdgeProcess;
import io.edgedownload.local.LocalS3;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The functions in a process of their own, seen as a client and a publisher see them. */
final class Edge implements AutoCloseable {

    private static final String ADMIN_TOKEN = "fault-tests-admin-token";
    private static final String S3_SECRET = "fault-tests-secret-access-key";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Every limit is short, so that a test of a slow origin is quick. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("quarkus.profile", "local"),
            Map.entry("edge.access", "open"),
            Map.entry("edge.admin.token", ADMIN_TOKEN),
            Map.entry("edge.sources.allow", "127.0.0.0/8"),
            // Not shorter: the first connection of a process takes its time on a busy machine.
            Map.entry("edge.connect.timeout", "1s"),
            Map.entry("edge.fetch.attempt-timeout", "1s"),
            Map.entry("edge.fetch.progress-window", "1s"),
            Map.entry("edge.deadline.total", "10s"),
            Map.entry("edge.fallback.mode", "proxy"),
            Map.entry("edge.s3.region", LocalS3.REGION),
            Map.entry("edge.s3.access-key-id", LocalS3.ACCESS_KEY_ID),
            Map.entry("edge.s3.secret-access-key", S3_SECRET),
            Map.entry("edge.s3.path-style", "true"),
            // More than the tests of an instance make together.
            Map.entry("edge.retry.least", "1000"),
            // It counts over all origins, and here nearly every one is sick.
            Map.entry("io.edgedownload.edge.ChunkTiers/load/CircuitBreaker/enabled", "false"));

    private final LocalS3 s3;
    private final EdgeProcess process;
    private final Path directory;

    private Edge(LocalS3 s3, EdgeProcess process, Path directory) {
        this.s3 = s3;
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts S3 and the functions.
     *
     * @param name of the folder under target/ that takes their data and log
     * @param settings beside and before the usual ones
     */
    static Edge start(String name, Map<String, String> settings) throws IOException, InterruptedException {
        return start(name, settings, Map.of());
    }

    /** As above, with variables added to the environment. */
    static Edge start(String name, Map<String, String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(name, settings, environment, List.of());
    }

    /** As above, by a command that becomes the one that it is given. */
    static Edge start(String name, Map<String, String> settings, Map<String, String> environment, List<String> wrapper)
            throws IOException, InterruptedException {
        var directory = Files.createTempDirectory(Files.createDirectories(Path.of("target", "edges")), name + "-");
        var s3 = LocalS3.start(directory.resolve("s3"), 0, S3_SECRET);
        try {
            var all = new HashMap<>(SETTINGS);
            all.put("edge.s3.endpoint", s3.endpoint().toString());
            all.put(
                    "edge.catalog.directory",
                    directory.resolve("catalog").toAbsolutePath().toString());
            all.putAll(settings);
            var launch = new EdgeProcess.Launch(
                    EdgeProcess.runnerInProject(),
                    0,
                    all,
                    environment,
                    directory.resolve("edge.log"),
                    START_LIMIT,
                    wrapper);
            return new Edge(s3, EdgeProcess.start(launch), directory);
        } catch (IOException | InterruptedException | RuntimeException e) {
            s3.close();
            throw e;
        }
    }

    URI uri(String id) {
        return process.uri().resolve("/download/" + id);
    }

    /** Its metrics as Prometheus text. */
    String metrics() throws IOException {
        return RawHttp.get(process.uri().resolve("/q/metrics"), Map.of("Accept", "text/plain"))
                .text();
    }

    /** The value of one series, {@code name{label="value"}}; 0 when it is not there. */
    double metric(String series) throws IOException {
        return metrics()
                .lines()
                .map(line -> line.replace(",}", "}"))
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    /** Stops its process as a platform does between two invocations. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        var kill = new ProcessBuilder(
                "kill", "-" + signal, Long.toString(process.handle().pid()));
        assertEquals(0, kill.start().waitFor());
    }

    /** Its readiness, with the details. */
    String readiness() throws IOException {
        return RawHttp.get(process.uri().resolve("/q/health/ready")).text();
    }

    /** Where its S3 is, for another instance to use it too. */
    String storeEndpoint() {
        return s3.endpoint().toString();
    }

    /** The files of the objects in its S3. */
    Path storeDirectory() {
        return directory.resolve("s3").resolve(LocalS3.BUCKET);
    }

    /** S3 is gone for the rest of the test. */
    void loseStore() {
        s3.close();
    }

    /** Ends its process without giving it time for anything, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.handle().destroyForcibly();
        process.handle().onExit().join();
    }

    /** What it wrote to its log so far. */
    String log() throws IOException {
        return Files.readString(process.log());
    }

    /** Where the manifest of this id is kept. */
    Path manifest(String id) {
        return directory.resolve("catalog").resolve(id + ".json");
    }

    RawResponse get(String id) throws IOException {
        return RawHttp.get(uri(id));
    }

    RawResponse get(String id, Map<String, String> fields) throws IOException {
        return RawHttp.get(uri(id), fields);
    }

    /** The bytes first to last, both inclusive. */
    RawResponse part(String id, long first, long last) throws IOException {
        return get(id, Map.of("Range", "bytes=%d-%d".formatted(first, last)));
    }

    /** Publishes under a new id, which is returned; fails when that fails. */
    String publish(Publication publication) throws IOException {
        var id = newId();
        var answer = publish(id, publication);
        // On a busy machine the first request of a process takes longer than the short limits allow.
        for (int again = 0; again < 5 && answer.text().contains("did not answer in time"); again++) {
            answer = publish(id, publication);
        }
        assertEquals(201, answer.status(), answer::toString);
        return id;
    }

    static String newId() {
        return "f-" + UUID.randomUUID();
    }

    RawResponse publish(String id, Publication publication) throws IOException {
        return administer("publish", publication.json(id));
    }

    /** Calls warm or evict for all of a download. */
    RawResponse call(String function, String id) throws IOException {
        return call(function, id, Map.of());
    }

    /** As above, with more fields. */
    RawResponse call(String function, String id, Map<String, String> fields) throws IOException {
        return administer(function, "{\"id\":\"%s\"}".formatted(id), fields);
    }

    /** Calls a function by an event that is the whole body. */
    RawResponse event(String function, String json, Map<String, String> fields) throws IOException {
        return administer(function, json, fields);
    }

    /** Changes the limits of connections. */
    RawResponse limit(String json) throws IOException {
        return administer("limit", json);
    }

    /** Calls a function as the administrator. */
    private RawResponse administer(String function, String json) throws IOException {
        return administer(function, json, Map.of());
    }

    private RawResponse administer(String function, String json, Map<String, String> fields) throws IOException {
        var all = new HashMap<>(fields);
        all.put("Authorization", "Bearer " + ADMIN_TOKEN);
        return RawHttp.post(process.uri().resolve("/" + function), all, json);
    }

    /** Puts the object into S3. */
    StoredObject store(HostedObject object) throws IOException {
        var key = "o-" + object.sha256Hex();
        var file = Files.write(directory.resolve(key), object.bytes());
        s3.ensureObject(key, file);
        return new StoredObject(LocalS3.BUCKET, key);
    }

    @Override
    public void close() {
        process.close();
        s3.close();
    }
}
