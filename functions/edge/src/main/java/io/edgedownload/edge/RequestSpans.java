package io.edgedownload.edge;

import io.edgedownload.engine.request.DownloadId;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.instrumentation.api.semconv.http.HttpServerRoute;
import io.opentelemetry.instrumentation.api.semconv.http.HttpServerRouteSource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Says on the span of a request for a download what was asked for and how the answer came about. */
@Singleton
final class RequestSpans {
    /** What of a request's time is ours: until its answer's head is there. The rest depends on what the client reads. */
    static final AttributeKey<Double> HEAD_MILLIS = AttributeKey.doubleKey("edge.response.head.duration_ms");

    private final boolean off;
    private final StepSpans steps;

    RequestSpans(@ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off, StepSpans steps) {
        this.off = off;
        this.steps = steps;
    }

    /** To be called on the event loop when the request came in. Without tracing a hit pays nothing for it. */
    AnswerTrace describe(HttpServerRequest request, Optional<DownloadId> id) {
        if (off) {
            return AnswerTrace.NONE;
        }
        Context context = Context.current();
        Span span = Span.fromContext(context);
        if (!(span instanceof ReadableSpan begun)) {
            return AnswerTrace.NONE;
        }
        HttpServerRoute.update(context, HttpServerRouteSource.CONTROLLER, DownloadRoute.PATH + "{id}");
        id.ifPresent(known -> span.setAttribute("edge.download.id", known.value()));
        HttpServerResponse response = request.response();
        response.headersEndHandler(head -> {
            String cacheStatus = response.headers().get("Cache-Status");
            if (cacheStatus != null) {
                span.setAttribute("edge.cache.status", cacheStatus);
            }
            span.setAttribute(HEAD_MILLIS, begun.getLatencyNanos() / 1e6);
        });
        return new AnswerTrace(steps, context);
    }
}
