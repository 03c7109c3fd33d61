package io.edgedownload.contract;

import io.edgedownload.local.EdgeProcess;
import io.edgedownload.local.LocalS3;
import io.edgedownload.local.LocalStack;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The local stack with the samples published, and beside its open edge a signed one over the same catalog. */
final class LocalEdges implements Closeable {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final String CORS_ORIGIN = "https://app.example";

    /** A second key of both edges, beside the one that the stack makes for itself. */
    private final SigningKey key = new SigningKey("contract", randomSecret());

    private final Path data;
    private final LocalStack stack;
    private final EdgeProcess signed;

    /**
     * Returns when both edges are ready.
     *
     * @param data directory for everything that is kept
     */
    LocalEdges(Path data) throws IOException, InterruptedException {
        this.data = data;
        this.stack = LocalStack.start(LocalStack.Options.in(data)
                .with("edge.cors.origins", CORS_ORIGIN)
                .with(keyProperty(), key.secret()));
        try {
            stack.publishSamples();
            this.signed = EdgeProcess.start(signedEdge());
        } catch (IOException | InterruptedException | RuntimeException failed) {
            stack.close();
            throw failed;
        }
    }

    private EdgeProcess.Launch signedEdge() {
        return new EdgeProcess.Launch(
                EdgeProcess.runnerInProject(),
                0,
                Map.of(
                        "quarkus.profile",
                        "local",
                        "edge.access",
                        "signed",
                        "edge.catalog.directory",
                        data.resolve("catalog").toString(),
                        "edge.signing.active",
                        key.keyId(),
                        keyProperty(),
                        key.secret(),
                        "edge.s3.endpoint",
                        stack.s3().endpoint().toString(),
                        "edge.s3.region",
                        LocalS3.REGION,
                        "edge.s3.path-style",
                        "true",
                        "edge.s3.access-key-id",
                        LocalS3.ACCESS_KEY_ID),
                Map.of(
                        "EDGE_ADMIN_TOKEN",
                        stack.adminToken(),
                        "EDGE_S3_SECRET_ACCESS_KEY",
                        stack.s3().secretAccessKey()),
                data.resolve("functions-signed.log"),
                START_LIMIT);
    }

    Access access() {
        return new Access(
                stack.edge().uri(),
                Optional.of(stack.adminToken()),
                Optional.of(signed.uri()),
                Optional.of(key),
                Optional.of(CORS_ORIGIN));
    }

    private String keyProperty() {
        return "edge.signing.keys.\"" + key.keyId() + "\"";
    }

    private static String randomSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    @Override
    public void close() {
        signed.close();
        stack.close();
    }
}
