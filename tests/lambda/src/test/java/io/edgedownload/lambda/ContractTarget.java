package io.edgedownload.lambda;

import io.edgedownload.local.LocalS3;
import io.edgedownload.local.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Points the contract suite at functions on Lambda: one that is open, one that wants signatures, over the catalog, origin and S3 of
 * a local stack. They start before the first test and end after the last.
 */
public final class ContractTarget implements LauncherSessionListener {
    private static final String CORS_ORIGIN = "https://app.example";
    private static final String KEY_ID = "contract";

    private final String key = randomSecret();
    private final Path data = Path.of("target", "stack").toAbsolutePath();
    private Optional<Running> running = Optional.empty();

    private record Running(LocalStack stack, Function open, Function signed) {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            running = Optional.of(start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Running start() throws IOException, InterruptedException {
        LocalStack stack = LocalStack.start(LocalStack.Options.in(data).with(keyProperty(), key));
        try {
            stack.publishSamples();
            Function open = function(stack, "open");
            Function signed = function(stack, "signed");
            System.setProperty("edge.contract.url", open.uri().toString());
            System.setProperty("edge.contract.signed-url", signed.uri().toString());
            System.setProperty("edge.contract.admin-token", stack.adminToken());
            System.setProperty("edge.contract.signing-key", KEY_ID + ":" + key);
            System.setProperty("edge.contract.cors-origin", CORS_ORIGIN);
            return new Running(stack, open, signed);
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            stack.close();
            throw failed;
        }
    }

    private Function function(LocalStack stack, String access) throws IOException, InterruptedException {
        Map<String, String> properties = new HashMap<>(Map.of(
                "edge.access",
                access,
                "edge.sources.allow",
                "127.0.0.0/8,::1/128",
                "edge.catalog.directory",
                data.resolve("catalog").toString(),
                "edge.cors.origins",
                CORS_ORIGIN,
                "edge.signing.active",
                KEY_ID,
                "edge.s3.endpoint",
                stack.s3().endpoint().toString(),
                "edge.s3.region",
                LocalS3.REGION,
                "edge.s3.path-style",
                "true",
                "edge.s3.access-key-id",
                LocalS3.ACCESS_KEY_ID));
        properties.put(keyProperty(), key);
        return Function.start(
                "contract-" + access,
                properties,
                Map.of(
                        "EDGE_ADMIN_TOKEN",
                        stack.adminToken(),
                        "EDGE_S3_SECRET_ACCESS_KEY",
                        stack.s3().secretAccessKey()));
    }

    private static String keyProperty() {
        return "edge.signing.keys.\"" + KEY_ID + "\"";
    }

    private static String randomSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        running.ifPresent(all -> {
            all.signed().close();
            all.open().close();
            all.stack().close();
        });
    }
}
