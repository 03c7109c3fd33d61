package io.edgedownload.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.semconv.HttpAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Exports what nobody asked for when it turns out to be worth it. Spans that are not sampled wait here until the last request of
 * their trace in this process has ended. As soon as one of them is an error or slow, all of them are exported, and so is what
 * the trace still brings; otherwise they are forgotten. What is held is bounded: beyond that spans are lost, and counted.
 */
final class KeptTraces implements SpanProcessor {
    /** Traces that may be under way, and as many that are remembered as kept. */
    private static final int MAX_TRACES = 10_000;

    static final int MAX_SPANS_OF_A_TRACE = 256;
    static final int MAX_SPANS = 8_192;

    private final SpanProcessor exported;
    private final long slowNanos;
    private final Cache<String, Open> open;
    private final Cache<String, Boolean> kept = Caffeine.newBuilder()
            .maximumSize(MAX_TRACES)
            .executor(Runnable::run)
            .build();
    private final AtomicInteger held = new AtomicInteger();
    private final LongAdder lost = new LongAdder();

    /** A span that waits, and those that ended before it. */
    private record Held(ReadableSpan span, @Nullable Held earlier, int number) {}

    /**
     * A trace with requests that have not ended here.
     *
     * @param roots how many
     */
    private record Open(int roots, @Nullable Held last) {
        int spans() {
            return last == null ? 0 : last.number();
        }
    }

    /**
     * @param exported takes what is to be exported
     * @param slow what takes longer is worth it
     */
    KeptTraces(SpanProcessor exported, Duration slow) {
        this.exported = exported;
        this.slowNanos = slow.toNanos();
        this.open = Caffeine.newBuilder()
                .maximumSize(MAX_TRACES)
                .evictionListener((@Nullable String _, @Nullable Open trace, RemovalCause _) -> {
                    if (trace != null) {
                        held.addAndGet(-trace.spans());
                    }
                })
                .executor(Runnable::run)
                .build();
    }

    /** Spans that there was no room for since the start. */
    long lost() {
        return lost.sum();
    }

    @Override
    public void onStart(Context parentContext, ReadWriteSpan span) {
        if (!span.getSpanContext().isSampled() && isRoot(span)) {
            open.asMap()
                    .merge(
                            span.getSpanContext().getTraceId(),
                            new Open(1, null),
                            (now, _) -> new Open(now.roots() + 1, now.last()));
        }
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled()) {
            return;
        }
        String traceId = span.getSpanContext().getTraceId();
        if (isWorthIt(span)) {
            // First: who comes meanwhile either is among those that waited, or sees this.
            kept.put(traceId, true);
        }
        boolean root = isRoot(span);
        if (kept.getIfPresent(traceId) != null) {
            take(traceId, root ? 1 : 0).forEach(this::export);
            export(span);
        } else if (root) {
            var _ = open.asMap().computeIfPresent(traceId, (_, now) -> ended(now));
        } else if (!hold(traceId, span)) {
            export(span);
        }
    }

    private void export(ReadableSpan span) {
        exported.onEnd(new KeptSpan(span));
    }

    private boolean isWorthIt(ReadableSpan span) {
        return isError(span) || isSlow(span);
    }

    /** A client may leave when it likes: then the request has no status. What is cut here has a step that says so. */
    private static boolean isError(ReadableSpan span) {
        return span.toSpanData().getStatus().getStatusCode() == StatusCode.ERROR
                && !(span.getKind() == SpanKind.SERVER
                        && span.getAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE) == null);
    }

    /** The time that a client takes to read is its own. */
    private boolean isSlow(ReadableSpan span) {
        Double headMillis = span.getAttribute(RequestSpans.HEAD_MILLIS);
        double tookNanos = headMillis == null ? span.getLatencyNanos() : headMillis * TimeUnit.MILLISECONDS.toNanos(1);
        return tookNanos > slowNanos && !span.getName().equals(StepSpans.SEND);
    }

    /** Takes what waits of the trace, and ends so many of its requests; the earliest span first. */
    private List<ReadableSpan> take(String traceId, int endedRoots) {
        List<ReadableSpan> taken = new ArrayList<>();
        var _ = open.asMap().computeIfPresent(traceId, (_, now) -> {
            for (Held each = now.last(); each != null; each = each.earlier()) {
                taken.addFirst(each.span());
            }
            int roots = now.roots() - endedRoots;
            return roots == 0 ? null : new Open(roots, null);
        });
        held.addAndGet(-taken.size());
        return taken;
    }

    private @Nullable Open ended(Open now) {
        if (now.roots() > 1) {
            return new Open(now.roots() - 1, now.last());
        }
        held.addAndGet(-now.spans());
        return null;
    }

    /** Has the span wait, or forgets it when nobody will decide about it any more; false when that was decided just now. */
    private boolean hold(String traceId, ReadableSpan span) {
        Open after = open.asMap().computeIfPresent(traceId, (_, now) -> {
            if (kept.getIfPresent(traceId) != null) {
                return now;
            }
            if (now.spans() == MAX_SPANS_OF_A_TRACE || held.get() >= MAX_SPANS) {
                lost.increment();
                return now;
            }
            held.incrementAndGet();
            return new Open(now.roots(), new Held(span, now.last(), now.spans() + 1));
        });
        boolean waits =
                after != null && after.last() != null && after.last().span().equals(span);
        return waits || kept.getIfPresent(traceId) == null;
    }

    private static boolean isRoot(ReadableSpan span) {
        SpanContext parent = span.getParentSpanContext();
        return !parent.isValid() || parent.isRemote();
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
