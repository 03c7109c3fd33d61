package io.edgedownload.edge;

import io.edgedownload.engine.request.DownloadId;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.instrumentation.api.semconv.http.HttpServerRoute;
import io.opentelemetry.instrumentation.api.semconv.http.HttpServerRouteSource;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Says on the span of a request for a download what was asked for and how the answer came about. */
@Singleton
final class RequestSpans {
    private final boolean off;

    RequestSpans(@ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        this.off = off;
    }

    /** To be called on the event loop when the request came in. Without tracing a hit pays nothing for it. */
    void describe(HttpServerRequest request, Optional<DownloadId> id) {
        if (off) {
            return;
        }
        Context context = Context.current();
        Span span = Span.fromContext(context);
        HttpServerRoute.update(context, HttpServerRouteSource.CONTROLLER, DownloadRoute.PATH + "{id}");
        id.ifPresent(known -> span.setAttribute("edge.download.id", known.value()));
        HttpServerResponse response = request.response();
        response.headersEndHandler(head -> {
            String cacheStatus = response.headers().get("Cache-Status");
            if (cacheStatus != null) {
                span.setAttribute("edge.cache.status", cacheStatus);
            }
        });
    }
}
