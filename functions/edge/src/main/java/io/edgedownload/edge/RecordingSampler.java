package io.edgedownload.edge;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.opentelemetry.semconv.UrlAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has what the configured sampler does not want recorded all the same, but not marked as sampled: {@link KeptTraces} decides
 * what is exported of it. Others still hear the configured sampler's word.
 */
record RecordingSampler(Sampler configured) implements Sampler {
    /** Health and metrics, which nobody wants traces of. */
    private static final String NO_FUNCTIONS = "/q/";

    @Override
    public SamplingResult shouldSample(
            Context parentContext,
            String traceId,
            String name,
            SpanKind spanKind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        SamplingResult result =
                configured.shouldSample(parentContext, traceId, name, spanKind, attributes, parentLinks);
        return result.getDecision() == SamplingDecision.DROP && isRecorded(parentContext, attributes)
                ? SamplingResult.recordOnly()
                : result;
    }

    private static boolean isRecorded(Context parentContext, Attributes attributes) {
        Span parent = Span.fromContext(parentContext);
        boolean begunHere =
                parent.getSpanContext().isValid() && !parent.getSpanContext().isRemote();
        @Nullable String path = attributes.get(UrlAttributes.URL_PATH);
        return begunHere ? isRecorded(parent) : path == null || !path.startsWith(NO_FUNCTIONS);
    }

    /** Whether it is or was; one that has ended does not say so itself. */
    static boolean isRecorded(Span span) {
        return span instanceof ReadableSpan;
    }

    @Override
    public String getDescription() {
        return "RecordingSampler{" + configured.getDescription() + "}";
    }
}
