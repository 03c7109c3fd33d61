package io.edgedownload.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The suite's client: the JDK's own HTTP/1.1 client without redirects, caches or retries of its own.
 *
 * <p>Paths are request targets as they go on the wire, percent-encoding included. Headers are name, value, name, value.
 */
final class EdgeClient {

    /** Long enough for the whole sample on a busy machine; only there so that a hung edge fails and does not hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI base;

    EdgeClient(URI base) {
        this.base = base;
    }

    URI base() {
        return base;
    }

    Reply get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Reply head(String path, String... headers) {
        return send("HEAD", path, BodyPublishers.noBody(), headers);
    }

    /** Posts JSON text as it is, valid or not. */
    Reply post(String path, String json, String... headers) {
        return post(path, BodyPublishers.ofString(json), headers);
    }

    Reply post(String path, BodyPublisher body, String... headers) {
        String[] typed = new String[headers.length + 2];
        typed[0] = "Content-Type";
        typed[1] = "application/json";
        System.arraycopy(headers, 0, typed, 2, headers.length);
        return send("POST", path, body, typed);
    }

    Reply send(String method, String path, BodyPublisher body, String... headers) {
        HttpResponse<byte[]> response = exchange(request(method, path, body, headers), BodyHandlers.ofByteArray());
        return new Reply(
                method + " " + path, response.statusCode(), response.headers().map(), response.body());
    }

    /** Only the head of a GET: the body is cut off, so that a row about a head does not cost the whole sample. */
    Reply headOfGet(String path, String... headers) {
        HttpRequest request = request("GET", path, BodyPublishers.noBody(), headers);
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        try (InputStream cutOff = response.body()) {
            return new Reply(
                    "GET " + path + " (head)",
                    response.statusCode(),
                    response.headers().map(),
                    cutOff.readNBytes(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.method(method, body).build();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
        String asked = request.method() + " " + request.uri();
        try {
            // The request's own timeout ends with the head; this one covers the body too.
            return http.sendAsync(request, handler).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(asked + " got no whole answer", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(asked + " was not answered to its end within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
