package io.edgedownload.contract;

import io.edgedownload.local.EdgeProcess;
import io.edgedownload.local.LocalS3;
import io.edgedownload.local.Sample;
import io.edgedownload.local.origin.SampleOrigin;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The local stack as the suite needs it: S3, the sample origin, and two edges over one catalog, an open and a signed
 * one, with the samples published.
 */
final class LocalEdges implements Closeable {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final String CORS_ORIGIN = "https://app.example";

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Path directory;
    private final Path catalog;
    private final String adminToken = secret();
    private final SigningKey signingKey = new SigningKey("contract", secret());
    private final String s3Secret = secret();

    private LocalEdges(Path directory) throws IOException {
        this.directory = directory;
        this.catalog = Files.createTempDirectory(directory, "catalog-");
    }

    /** What was started, and where the edges are. */
    record Started(LocalEdges edges, Access access) {}

    /**
     * @param directory for data and logs, kept between runs but for the catalog; its folder {@code samples} has the
     *     samples' files
     */
    static Started start(Path directory) throws IOException, InterruptedException {
        LocalEdges edges = new LocalEdges(directory);
        try {
            return new Started(edges, edges.startAll());
        } catch (IOException | InterruptedException | RuntimeException failed) {
            edges.close();
            throw failed;
        }
    }

    private Access startAll() throws IOException, InterruptedException {
        Path samples = directory.resolve("samples");
        SampleOrigin origin = open(SampleOrigin.start(samples, directory.resolve("origin.log"), 0, 0));
        LocalS3 s3 = open(LocalS3.start(directory.resolve("s3"), 0, s3Secret));
        for (Sample sample : Sample.values()) {
            s3.ensureObject(sample.id(), samples.resolve(sample.id()));
        }
        EdgeProcess open = edge("open", s3.endpoint());
        EdgeProcess signed = edge("signed", s3.endpoint());
        publishSamples(open.uri(), origin.uri());
        return new Access(
                open.uri(),
                Optional.of(adminToken),
                Optional.of(signed.uri()),
                Optional.of(signingKey),
                Optional.of(CORS_ORIGIN));
    }

    private EdgeProcess edge(String access, URI s3) throws IOException, InterruptedException {
        Map<String, String> properties = new HashMap<>();
        properties.put("quarkus.profile", "local");
        properties.put("edge.access", access);
        properties.put("edge.catalog.directory", catalog.toString());
        properties.put("edge.sources.allow", "127.0.0.1");
        properties.put("edge.cors.origins", CORS_ORIGIN);
        properties.put("edge.s3.endpoint", s3.toString());
        properties.put("edge.s3.region", LocalS3.REGION);
        properties.put("edge.s3.path-style", "true");
        properties.put("edge.s3.access-key-id", LocalS3.ACCESS_KEY_ID);
        properties.put("edge.signing.active", signingKey.keyId());
        properties.put("edge.signing.keys.\"" + signingKey.keyId() + "\"", signingKey.secret());
        Map<String, String> secrets = Map.of("EDGE_ADMIN_TOKEN", adminToken, "EDGE_S3_SECRET_ACCESS_KEY", s3Secret);
        Path log = directory.resolve("edge-" + access + ".log");
        return open(EdgeProcess.start(
                new EdgeProcess.Launch(EdgeProcess.runnerInProject(), 0, properties, secrets, log, START_LIMIT)));
    }

    private void publishSamples(URI edge, URI origin) {
        Functions functions = new Functions(new EdgeClient(edge), adminToken);
        for (Sample sample : Sample.values()) {
            Map<String, ?> publication = Map.of(
                    "id", sample.id(),
                    "sources", List.of(origin + "/" + sample.id()),
                    "s3", Map.of("bucket", LocalS3.BUCKET, "key", sample.id()),
                    "digest", true);
            Reply reply = functions.call("publish", publication);
            if (reply.status() != 201) {
                throw new IllegalStateException("a sample was not published: " + reply);
            }
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        started.push(resource);
        return resource;
    }

    private static String secret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** Stops everything in the opposite order and leaves the logs. */
    @Override
    public void close() throws IOException {
        IOException failure = new IOException("the local stack did not stop; see " + directory);
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
