package io.edgedownload.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a message comes from in a trace, as text that goes with it: {@code traceparent} of W3C Trace Context. */
public final class Traceparent {
    private static final String FIELD = "traceparent";

    private static final TextMapGetter<String> ONLY_FIELD = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return Set.of(FIELD);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(FIELD) ? carrier : null;
        }
    };

    private Traceparent() {}

    /** @return version 00 of it; empty for a span that is in no trace */
    public static String of(Span span) {
        SpanContext place = span.getSpanContext();
        return place.isValid()
                ? "00-" + place.getTraceId() + "-" + place.getSpanId() + "-"
                        + place.getTraceFlags().asHex()
                : "";
    }

    /** The context that it names, for children of it; {@link Context#root()} when it is not valid (section 3.2 of the recommendation). */
    public static Context read(String traceparent) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ONLY_FIELD);
    }
}
