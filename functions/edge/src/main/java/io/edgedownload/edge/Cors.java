package io.edgedownload.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.util.Set;

/** Lets pages of the configured origins read downloads (the Fetch standard's CORS protocol). */
@Singleton
final class Cors {
    private static final String READABLE =
            "Content-Range, Content-Length, Accept-Ranges, ETag, Content-Digest, Repr-Digest, Cache-Status, Server-Timing, Age";
    private static final String SENDABLE = "Range, If-Range, If-Match, If-None-Match, traceparent";
    private static final String PREFLIGHT_SECONDS = "3600";

    private final Set<String> origins;

    Cors(EdgeConfig config) {
        this.origins = config.cors().origins().orElse(Set.of());
    }

    /** Adds the fields that let the page read the answer, when its origin is one of ours. */
    void allow(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return;
        }
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.VARY, "Origin");
        if (isAllowed(request)) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, request.getHeader(HttpHeaders.ORIGIN))
                    .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, READABLE);
        }
    }

    /** Answers OPTIONS; {@link #allow} has been called. */
    void preflight(HttpServerRequest request) {
        HttpServerResponse response = request.response().setStatusCode(204).putHeader("Allow", "GET, HEAD, OPTIONS");
        if (isAllowed(request)) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD")
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, SENDABLE)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
        response.end();
    }

    private boolean isAllowed(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && origins.contains(origin);
    }
}
