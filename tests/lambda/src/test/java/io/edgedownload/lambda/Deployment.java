package io.edgedownload.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.LocalS3;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A function that is open to all, with an S3 of its own behind it. */
final class Deployment implements AutoCloseable {
    private static final String ADMIN_TOKEN = "lambda-tests-admin-token";
    private static final String S3_SECRET = "lambda-tests-secret-access-key";

    private final Path directory;
    private final LocalS3 s3;
    private final Function function;

    private Deployment(Path directory, LocalS3 s3, Function function) {
        this.directory = directory;
        this.s3 = s3;
        this.function = function;
    }

    /** @param settings beside and before the usual ones */
    static Deployment start(String name, Map<String, String> settings) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target", "deployments")), name);
        LocalS3 s3 = LocalS3.start(directory.resolve("s3"), 0, S3_SECRET);
        try {
            Map<String, String> all = new HashMap<>(Map.of(
                    "edge.access",
                    "open",
                    "edge.sources.allow",
                    "127.0.0.0/8",
                    "edge.fetch.attempt-timeout",
                    "1s",
                    "edge.catalog.directory",
                    directory.resolve("catalog").toAbsolutePath().toString(),
                    "edge.s3.endpoint",
                    s3.endpoint().toString(),
                    "edge.s3.region",
                    LocalS3.REGION,
                    "edge.s3.path-style",
                    "true",
                    "edge.s3.access-key-id",
                    LocalS3.ACCESS_KEY_ID));
            all.putAll(settings);
            Map<String, String> secrets =
                    Map.of("EDGE_ADMIN_TOKEN", ADMIN_TOKEN, "EDGE_S3_SECRET_ACCESS_KEY", S3_SECRET);
            return new Deployment(directory, s3, Function.start(name, all, secrets));
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            s3.close();
            throw failed;
        }
    }

    Function function() {
        return function;
    }

    /** Publishes what the origin has there under a new id, cut into chunks of 64 KiB, with nothing in S3. */
    String publish(FaultOrigin origin, String path) throws IOException {
        return publish(origin, path, "");
    }

    /** The same, with the object in S3. */
    String publishWithS3(FaultOrigin origin, String path, HostedObject object) throws IOException {
        String key = "o-" + object.sha256Hex();
        s3.ensureObject(key, Files.write(directory.resolve(key), object.bytes()));
        return publish(origin, path, ",\"s3\":{\"bucket\":\"%s\",\"key\":\"%s\"}".formatted(LocalS3.BUCKET, key));
    }

    private String publish(FaultOrigin origin, String path, String backing) throws IOException {
        String id = "l-" + UUID.randomUUID();
        String json =
                "{\"id\":\"%s\",\"sources\":[\"%s\"]%s,\"chunkSize\":65536}".formatted(id, origin.uri(path), backing);
        RawResponse answer = call("publish", json);
        // On a busy machine the first request of a process takes longer than the short limits allow.
        for (int again = 0; again < 5 && answer.text().contains("did not answer in time"); again++) {
            answer = call("publish", json);
        }
        assertEquals(201, answer.status(), answer.toString());
        return id;
    }

    /** Calls a function as the administrator. */
    RawResponse call(String name, String json) throws IOException {
        return RawHttp.post(function.uri().resolve("/" + name), Map.of("Authorization", "Bearer " + ADMIN_TOKEN), json);
    }

    RawResponse get(String id, Map<String, String> fields) throws IOException {
        return RawHttp.get(function.download(id), fields);
    }

    RawResponse chunk(String id, int number) throws IOException {
        return RawHttp.get(URI.create(function.download(id) + "?chunk=" + number + "&size=65536"));
    }

    @Override
    public void close() {
        function.close();
        s3.close();
    }
}
