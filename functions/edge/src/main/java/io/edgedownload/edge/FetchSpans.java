package io.edgedownload.edge;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.connect.Origin;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import jakarta.inject.Singleton;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Begins a span for each attempt at a source, after OpenTelemetry's semantic conventions for HTTP clients. Its parent is the
 * current one: that of the request which began the load.
 */
@Singleton
final class FetchSpans {
    private final Tracer tracer;
    private final StepSpans steps;

    /** @param off without an SDK there would be spans all the same, that nobody ever sees, and fields of them upstream */
    FetchSpans(
            OpenTelemetry openTelemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off,
            StepSpans steps) {
        this.tracer = (off ? OpenTelemetry.noop() : openTelemetry).getTracer("io.edgedownload");
        this.steps = steps;
    }

    FetchSpan begin(Goal goal) {
        Origin origin = Origin.of(goal.uri());
        SpanBuilder builder = tracer.spanBuilder(goal.method())
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, goal.method())
                .setAttribute(UrlAttributes.URL_SCHEME, origin.secure() ? "https" : "http")
                .setAttribute(UrlAttributes.URL_FULL, withoutQuery(origin, goal.uri()))
                .setAttribute(ServerAttributes.SERVER_ADDRESS, origin.host())
                .setAttribute(ServerAttributes.SERVER_PORT, (long) origin.port())
                .setAttribute("edge.download.id", goal.id().value())
                .setAttribute("edge.tier", FetchTelemetry.name(goal.tier()))
                .setAttribute("edge.hedge", goal.hedge());
        if (!goal.isProbe()) {
            builder.setAttribute("edge.chunk.number", goal.chunk());
        }
        if (goal.breaker() != null) {
            builder.setAttribute("edge.breaker.state", FetchTelemetry.name(goal.breaker()));
        }
        Integer attempt = TracedLoader.nextAttempt();
        if (attempt != null) {
            builder.setAttribute("edge.attempt", attempt.longValue());
        }
        Span span = builder.startSpan();
        return new FetchSpan(span, origin.port(), steps);
    }

    /** The query may hold a signature. */
    private static String withoutQuery(Origin origin, URI uri) {
        return origin + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?REDACTED");
    }
}
