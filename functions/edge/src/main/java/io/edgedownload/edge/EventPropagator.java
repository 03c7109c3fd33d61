package io.edgedownload.edge;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Takes on the trace that a CloudEvent carries in itself, in binary mode: {@code ce-traceparent} and {@code ce-tracestate}
 * (CloudEvents Distributed Tracing extension). A request that belongs to a trace as such stays with that.
 */
record EventPropagator(TextMapPropagator ofRequests) implements TextMapPropagator {
    @Override
    public Collection<String> fields() {
        return ofRequests.fields();
    }

    @Override
    public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
        ofRequests.inject(context, carrier, setter);
    }

    @Override
    public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
        Context ofRequest = ofRequests.extract(context, carrier, getter);
        return Span.fromContext(ofRequest).getSpanContext().isValid()
                ? ofRequest
                : ofRequests.extract(ofRequest, carrier, new EventAttributes<>(getter));
    }

    /** Finds a field's value in the event's attribute of that name. */
    private record EventAttributes<C>(TextMapGetter<C> fields) implements TextMapGetter<C> {
        @Override
        public Iterable<String> keys(C carrier) {
            return fields.keys(carrier);
        }

        @Override
        public @Nullable String get(@Nullable C carrier, String key) {
            return fields.get(carrier, "ce-" + key);
        }
    }
}
