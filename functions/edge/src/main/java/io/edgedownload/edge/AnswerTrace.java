package io.edgedownload.edge;

import io.edgedownload.engine.Piece;
import io.edgedownload.engine.cache.Obtained.Way;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * The steps of answering one request that lie outside of loads: looking for chunks, and sending. A hit that nobody traces has no
 * spans of them, for it would pay more for those than for its answer. For the answer's event loop.
 */
final class AnswerTrace {
    /** Of a request that no spans are made of. */
    static final AnswerTrace NONE = new AnswerTrace(null, Context.root());

    private static final AttributeKey<String> RESULT = AttributeKey.stringKey("edge.cache.result");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("edge.send.outcome");

    private final @Nullable StepSpans steps;
    private final Context request;
    private final boolean sampled;
    private boolean missed;

    /** How sending ended. */
    enum Sent {
        /** The kernel has all of it. */
        WHOLE,
        /** The client closed the connection. */
        LEFT,
        /** The connection was cut here, for want of bytes, of time or of a reader. */
        RESET
    }

    /** @param request with the span of the request */
    AnswerTrace(@Nullable StepSpans steps, Context request) {
        this.steps = steps;
        this.request = request;
        this.sampled = Span.fromContext(request).getSpanContext().isSampled();
    }

    /** A step begins; what this returns is to be handed back at its end. */
    long begin() {
        return steps == null ? 0 : steps.nanos();
    }

    /** The answer's next bytes, or why there are none, were waited for. */
    void obtained(long begunNanos, Piece piece) {
        if (steps == null) {
            return;
        }
        boolean hit = piece instanceof Piece.Slice slice && slice.way() instanceof Way.Hit;
        missed |= !hit;
        if (sampled || !hit) {
            steps.endedNow(request, "cache", begunNanos, Attributes.of(RESULT, result(piece)));
        }
    }

    void sent(long begunNanos, Sent outcome) {
        if (steps != null && (sampled || missed || outcome != Sent.WHOLE)) {
            Attributes told = Attributes.of(OUTCOME, FetchTelemetry.name(outcome));
            if (outcome == Sent.RESET) {
                steps.failedNow(request, StepSpans.SEND, begunNanos, told);
            } else {
                steps.endedNow(request, StepSpans.SEND, begunNanos, told);
            }
        }
    }

    private static String result(Piece piece) {
        return switch (piece) {
            case Piece.Missing _ -> "unavailable";
            case Piece.Slice(var chunk, var _, var _, Way way) ->
                switch (way) {
                    case Way.Hit() ->
                        switch (chunk) {
                            case MemoryChunk _ -> "memory";
                            case FileChunk _ -> "ssd";
                        };
                    case Way.Miss(var _, var _, boolean collapsed) -> collapsed ? "joined" : "loaded";
                };
        };
    }
}
