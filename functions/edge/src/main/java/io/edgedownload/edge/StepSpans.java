package io.edgedownload.edge;

import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Ticker;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes spans of steps inside this process once they are over, under the span that they were a step of. Where that is not
 * recorded there are none.
 */
@Singleton
final class StepSpans {
    /** The step that takes as long as the client likes. */
    static final String SEND = "send";

    private final Tracer tracer;
    private final Ticker ticker;
    private final InstantSource clock;

    StepSpans(
            OpenTelemetry openTelemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off,
            Ticker ticker,
            InstantSource clock) {
        this.tracer = (off ? OpenTelemetry.noop() : openTelemetry).getTracer("io.edgedownload");
        this.ticker = ticker;
        this.clock = clock;
    }

    long nanos() {
        return ticker.nanos();
    }

    /** @param begunNanos of {@link #nanos()} */
    void endedNow(Context parent, String name, long begunNanos, Attributes attributes) {
        took(parent, name, nanos() - begunNanos, attributes);
    }

    void failedNow(Context parent, String name, long begunNanos, Attributes attributes) {
        long endNanos = epochNanos();
        make(parent, name, endNanos - (nanos() - begunNanos), endNanos, attributes, StatusCode.ERROR);
    }

    /** A step that ended now. */
    void took(Context parent, String name, long tookNanos, Attributes attributes) {
        long endNanos = epochNanos();
        make(parent, name, endNanos - tookNanos, endNanos, attributes, StatusCode.UNSET);
    }

    /** The steps of an attempt that ended now, each of them right before the next; those that were not taken have no span. */
    void of(Context attempt, Timings timings) {
        long endNanos = epochNanos();
        endNanos = before(attempt, "verify", endNanos, timings.verifyNanos());
        endNanos = before(attempt, "body", endNanos, timings.bodyNanos());
        endNanos = before(attempt, "first-byte", endNanos, timings.firstByteNanos());
        endNanos = before(attempt, "tls", endNanos, timings.tlsNanos());
        endNanos = before(attempt, "connect", endNanos, timings.connectNanos());
        endNanos = before(attempt, "wait", endNanos, timings.waitNanos());
        before(attempt, "dns", endNanos, timings.dnsNanos());
    }

    private long before(Context parent, String name, long endNanos, long tookNanos) {
        if (tookNanos > 0) {
            make(parent, name, endNanos - tookNanos, endNanos, Attributes.empty(), StatusCode.UNSET);
        }
        return endNanos - tookNanos;
    }

    private void make(
            Context parent, String name, long startNanos, long endNanos, Attributes attributes, StatusCode status) {
        if (RecordingSampler.isRecorded(Span.fromContext(parent))) {
            tracer.spanBuilder(name)
                    .setParent(parent)
                    .setStartTimestamp(startNanos, TimeUnit.NANOSECONDS)
                    .setAllAttributes(attributes)
                    .startSpan()
                    .setStatus(status)
                    .end(endNanos, TimeUnit.NANOSECONDS);
        }
    }

    private long epochNanos() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
