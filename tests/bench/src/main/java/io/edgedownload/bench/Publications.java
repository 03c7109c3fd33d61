package io.edgedownload.bench;

import io.edgedownload.local.LocalStack;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Publishes what origins have. */
final class Publications {
    /** Of chunks. */
    static final int CHUNK_BYTES = 4 << 20;

    private Publications() {}

    /** Without digests: for them the object would have to be read before anybody asks for it. */
    static void publish(LocalStack stack, DistantOrigin origin, String id) throws IOException, InterruptedException {
        publish(
                stack,
                new JsonObject()
                        .put("id", id)
                        .put("chunkSize", CHUNK_BYTES)
                        .put(
                                "sources",
                                new JsonArray()
                                        .add(origin.uri().resolve("/" + id).toString())));
    }

    /** @param publication what {@code publish} takes */
    static void publish(LocalStack stack, JsonObject publication) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(stack.edge().uri().resolve("/publish"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + stack.adminToken())
                .POST(HttpRequest.BodyPublishers.ofString(publication.encode()))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IOException("publishing was refused: " + answer.statusCode() + " " + answer.body());
            }
        }
    }
}
