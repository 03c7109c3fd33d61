package io.edgedownload.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls the JSON functions of a running edge as an administrator. Blocks. */
final class EdgeClient implements AutoCloseable {
    /** Long enough to digest the largest sample on a slow machine. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI edge;
    private final String adminToken;

    EdgeClient(URI edge, String adminToken) {
        this.edge = edge;
        this.adminToken = adminToken;
    }

    /** A chunk as {@code /resolve} names it. */
    record SignedChunk(URI url, String sha256) {}

    /** Publishes the sample from the source and the bucket, with digests; nothing happens when that was done before. */
    void ensurePublished(Sample sample, URI source, String bucket) throws IOException, InterruptedException {
        if (isPublished(sample, source)) {
            return;
        }
        var request = new JsonObject()
                .put("id", sample.id())
                .put("sources", new JsonArray().add(source.toString()))
                .put("s3", new JsonObject().put("bucket", bucket).put("key", sample.id()))
                .put("digest", true);
        var answer = post("/publish", request);
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw new StartFailure("publishing " + sample.id() + " was refused with status " + answer.statusCode()
                    + ": " + answer.body().strip());
        }
    }

    private boolean isPublished(Sample sample, URI source) throws IOException, InterruptedException {
        var answer = post("/resolve", new JsonObject().put("id", sample.id()));
        if (answer.statusCode() != 200) {
            return false;
        }
        var manifest = new JsonObject(answer.body()).getJsonObject("manifest");
        var sources = manifest.getJsonArray("sources");
        return sample.sha256().equals(manifest.getString("sha256"))
                && sources.size() == 1
                && source.toString().equals(sources.getJsonObject(0).getString("url"));
    }

    /** The first chunk of a published sample that is not empty. */
    SignedChunk firstChunk(Sample sample) throws IOException, InterruptedException {
        var answer = post(
                "/resolve",
                new JsonObject().put("id", sample.id()).put("first", 0).put("last", 0));
        if (answer.statusCode() != 200) {
            throw new StartFailure("resolving " + sample.id() + " was refused with status " + answer.statusCode() + ": "
                    + answer.body().strip());
        }
        var chunk = new JsonObject(answer.body()).getJsonArray("chunks").getJsonObject(0);
        return new SignedChunk(edge.resolve(chunk.getString("url")), chunk.getString("sha256"));
    }

    private HttpResponse<String> post(String path, JsonObject body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(edge.resolve(path))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + adminToken)
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
    }
}
