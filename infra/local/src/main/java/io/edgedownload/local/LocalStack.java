package io.edgedownload.local;

import io.edgedownload.local.origin.SampleOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The sample origin, S3 and the functions, started together on loopback and stopped together. What a stack leaves in its
 * data directory the next one finds.
 */
public final class LocalStack implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String SIGNING_KEY_ID = "local";

    /** Newest first: the order of stopping. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final DataDirectory data;
    private final String adminToken;
    private final SampleOrigin origin;
    private final LocalS3 s3;
    private final EdgeProcess edge;

    /**
     * What to start and where.
     *
     * @param data directory for everything that outlives the stack; made when missing
     * @param runner the functions' {@code quarkus-run.jar}
     * @param ports TCP ports on 127.0.0.1
     * @param edgeProperties further configuration of the functions, such as {@code edge.deadline.total}; no secrets
     */
    public record Options(Path data, Path runner, Ports ports, Map<String, String> edgeProperties) {
        public Options {
            edgeProperties = Map.copyOf(edgeProperties);
        }

        /** Free ports and the functions built in this project. */
        public static Options in(Path data) {
            return new Options(data, EdgeProcess.runnerInProject(), Ports.FREE, Map.of());
        }

        /** The same with one more configuration key of the functions, {@code edge.deadline.total} for example. */
        public Options with(String key, String value) {
            var properties = new HashMap<>(edgeProperties);
            properties.put(key, value);
            return new Options(data, runner, ports, properties);
        }
    }

    /** TCP ports on 127.0.0.1; 0 picks a free one. */
    public record Ports(int edge, int origin, int s3, int control) {
        public static final Ports FREE = new Ports(0, 0, 0, 0);

        private void requireFree() {
            LoopbackPort.free(edge, "--port");
            LoopbackPort.free(origin, "--origin-port");
            LoopbackPort.free(s3, "--s3-port");
            LoopbackPort.free(control, "--control-port");
        }
    }

    private LocalStack(Options options, Consumer<String> progress) throws IOException, InterruptedException {
        try {
            data = opened(DataDirectory.open(options.data()));
            options.ports().requireFree();
            adminToken = adminToken(data);
            origin = opened(SampleOrigin.start(
                    data.originFiles(),
                    data.originLog(),
                    options.ports().origin(),
                    options.ports().control()));
            progress.accept("sample origin  " + origin.uri() + "  (log " + data.originLog() + ")");
            s3 = opened(
                    LocalS3.start(data.s3Objects(), options.ports().s3(), SecretFile.readOrCreate(data.s3SecretKey())));
            progress.accept("S3             " + s3.endpoint() + "  (bucket " + LocalS3.BUCKET + ")");
            for (var sample : Sample.values()) {
                s3.ensureObject(sample.id(), sample.ensureIn(data.originFiles()));
            }
            progress.accept("sample files   " + data.originFiles());
            edge = opened(EdgeProcess.start(launch(options)));
            progress.accept("functions      " + edge.uri() + "  (log " + edge.log() + ")");
        } catch (IOException | InterruptedException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /**
     * Returns when the functions are ready. Nothing is published yet.
     *
     * @throws StartFailure when a part cannot be started; then none is left running
     */
    public static LocalStack start(Options options) throws IOException, InterruptedException {
        return start(options, line -> {});
    }

    static LocalStack start(Options options, Consumer<String> progress) throws IOException, InterruptedException {
        return new LocalStack(options, progress);
    }

    private <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    private static String adminToken(DataDirectory data) throws IOException {
        var generated = SecretFile.readOrCreate(data.adminToken());
        var override = System.getenv("EDGE_ADMIN_TOKEN");
        return override == null || override.isBlank() ? generated : override;
    }

    private EdgeProcess.Launch launch(Options options) throws IOException {
        var properties = new HashMap<>(options.edgeProperties());
        properties.put("quarkus.profile", "local");
        return new EdgeProcess.Launch(
                options.runner(), options.ports().edge(), properties, environment(), data.functionsLog(), START_LIMIT);
    }

    /** By environment because a command line, unlike it, can be read by every user of the machine. */
    private Map<String, String> environment() throws IOException {
        return Map.ofEntries(
                Map.entry("EDGE_ADMIN_TOKEN", adminToken),
                Map.entry("EDGE_SIGNING_ACTIVE", SIGNING_KEY_ID),
                Map.entry("EDGE_SIGNING_KEYS__LOCAL_", SecretFile.readOrCreate(data.signingKey())),
                Map.entry(
                        "EDGE_CATALOG_DIRECTORY",
                        data.catalog().toAbsolutePath().toString()),
                Map.entry(
                        "EDGE_CACHE_SSD_DIRECTORY",
                        data.chunks().toAbsolutePath().toString()),
                Map.entry("EDGE_S3_ENDPOINT", s3.endpoint().toString()),
                Map.entry("EDGE_S3_REGION", LocalS3.REGION),
                Map.entry("EDGE_S3_ACCESS_KEY_ID", LocalS3.ACCESS_KEY_ID),
                Map.entry("EDGE_S3_SECRET_ACCESS_KEY", s3.secretAccessKey()),
                Map.entry("EDGE_S3_PATH_STYLE", "true"));
    }

    /**
     * Publishes every {@link Sample} under its id: from the sample origin, with S3 behind it and with digests. Needs the
     * origin in mode on.
     *
     * @throws StartFailure when the functions refuse one
     */
    public void publishSamples() throws IOException, InterruptedException {
        try (var client = client()) {
            for (var sample : Sample.values()) {
                client.ensurePublished(sample, origin.uri().resolve("/" + sample.id()), LocalS3.BUCKET);
            }
        }
    }

    EdgeClient client() {
        return new EdgeClient(edge.uri(), adminToken);
    }

    /** What {@code Authorization: Bearer} of publish, warm and evict has to carry. */
    public String adminToken() {
        return adminToken;
    }

    public SampleOrigin origin() {
        return origin;
    }

    public LocalS3 s3() {
        return s3;
    }

    public EdgeProcess edge() {
        return edge;
    }

    /** Stops what was started, newest first. Calling it again does nothing. */
    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception failed) {
                Logger.getLogger(LocalStack.class.getName()).log(Level.WARNING, "a part did not stop", failed);
            }
        }
    }
}
