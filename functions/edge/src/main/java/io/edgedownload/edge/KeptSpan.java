package io.edgedownload.edge;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/** A span that ended and is exported although nobody had asked for that: sampled after the fact. */
record KeptSpan(ReadableSpan ended) implements ReadableSpan {
    @Override
    public SpanContext getSpanContext() {
        SpanContext own = ended.getSpanContext();
        return SpanContext.create(own.getTraceId(), own.getSpanId(), TraceFlags.getSampled(), own.getTraceState());
    }

    @Override
    public SpanContext getParentSpanContext() {
        return ended.getParentSpanContext();
    }

    @Override
    public String getName() {
        return ended.getName();
    }

    @Override
    public SpanData toSpanData() {
        return new Sampled(ended.toSpanData(), getSpanContext());
    }

    @Override
    @Deprecated
    public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
        return ended.getInstrumentationLibraryInfo();
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return ended.getInstrumentationScopeInfo();
    }

    @Override
    public boolean hasEnded() {
        return ended.hasEnded();
    }

    @Override
    public long getLatencyNanos() {
        return ended.getLatencyNanos();
    }

    @Override
    public SpanKind getKind() {
        return ended.getKind();
    }

    @Override
    public <T> @Nullable T getAttribute(AttributeKey<T> key) {
        return ended.getAttribute(key);
    }

    private static final class Sampled extends DelegatingSpanData {
        private final SpanContext context;

        Sampled(SpanData recorded, SpanContext context) {
            super(recorded);
            this.context = context;
        }

        @Override
        public SpanContext getSpanContext() {
            return context;
        }
    }
}
