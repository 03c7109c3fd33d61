package io.edgedownload.bench;

import io.edgedownload.local.EdgeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One start of the functions with a cache on disk, in seconds since the process was started.
 *
 * @param ready when they were ready to serve
 * @param indexed when they knew all chunks, too
 * @param answersBetween that they gave between the two
 */
record Startup(double ready, double indexed, int answersBetween) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** @param chunks that the cache's folder has */
    static Startup measure(Path folder, Path cache, int chunks) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        try (EdgeProcess edge = EdgeProcess.start(launch(folder, cache));
                HttpClient client = HttpClient.newHttpClient()) {
            double ready = secondsSince(startNanos);
            int answers = 0;
            while (known(client, edge.uri()) != chunks) {
                answers++;
                if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
                    throw new IOException("not all chunks were found");
                }
            }
            return new Startup(ready, answers == 0 ? ready : secondsSince(startNanos), answers);
        }
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** How many chunks the functions say that they know. */
    private static int known(HttpClient client, URI edge) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(edge.resolve("/q/health/ready")).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("not ready any more: " + answer.statusCode());
        }
        return new JsonObject(answer.body())
                .getJsonArray("checks").stream()
                        .map(JsonObject.class::cast)
                        .filter(check -> check.getString("name").equals("cache"))
                        .findFirst()
                        .flatMap(check ->
                                Optional.ofNullable(check.getJsonObject("data").getInteger("ssdChunks")))
                        .orElse(0);
    }

    private static EdgeProcess.Launch launch(Path folder, Path cache) {
        return new EdgeProcess.Launch(
                EdgeProcess.runnerInProject(),
                0,
                Map.of(
                        "quarkus.profile",
                        "local",
                        "edge.catalog.directory",
                        folder.resolve("catalog").toString(),
                        "edge.cache.ssd.directory",
                        cache.toString(),
                        // There is nothing in the files.
                        "edge.cache.ssd.scrub-rate",
                        "0"),
                Map.of(),
                folder.resolve("functions.log"),
                LIMIT);
    }
}
