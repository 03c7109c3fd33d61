package io.edgedownload.coordinator;

import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.FleetGrpc;
import io.edgedownload.tracing.Traceparent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Goes on with the traces in which events happened, after OpenTelemetry's semantic conventions for gRPC. The stream has no span: it
 * is part of no trace, and as long as the instance.
 */
@Singleton
final class EventSpans {
    private final Tracer tracer;

    /** @param off without an SDK there would be spans all the same, that nobody ever sees */
    EventSpans(OpenTelemetry openTelemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        this.tracer = (off ? OpenTelemetry.noop() : openTelemetry).getTracer("io.edgedownload");
    }

    /** From the coming of an event until it is taken note of; none for an event that happened in no trace. */
    Span begin(Standing instance, Event event) {
        Context trace = Traceparent.read(event.getTraceparent());
        if (!Span.fromContext(trace).getSpanContext().isValid()) {
            return Span.getInvalid();
        }
        return tracer.spanBuilder(FleetGrpc.getJoinMethod().getFullMethodName())
                .setParent(trace)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("rpc.system", "grpc")
                .setAttribute("rpc.service", FleetGrpc.SERVICE_NAME)
                .setAttribute("rpc.method", "Join")
                .setAttribute("edge.event.kind", StandingJson.word(event.getKind()))
                .setAttribute("edge.event.sequence", event.getSequence())
                .setAttribute("edge.instance", instance.instance())
                .startSpan();
    }
}
