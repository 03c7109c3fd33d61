package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.edge.AnswerTrace.Sent;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.ManualTicker;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTraceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualTicker ticker = new ManualTicker();
    private final List<SpanData> made = new ArrayList<>();

    private final KeptChunks chunks;
    private final Piece.Slice hit;

    AnswerTraceTest(@TempDir Path folder) {
        this.chunks = new KeptChunks(folder);
        this.hit = KeptChunks.whole(chunks.memory(10));
    }

    @AfterEach
    void freeChunks() throws Exception {
        chunks.drain();
    }

    @Test
    void makesNoSpanOfAHitThatNobodyTraces() {
        AnswerTrace trace = trace(new RecordingSampler(Sampler.alwaysOff()));
        trace.obtained(trace.begin(), hit);
        trace.sent(trace.begin(), Sent.WHOLE);

        assertEquals(List.of(), made);
    }

    @Test
    void showsTheStepsOfAHitThatIsTraced() {
        AnswerTrace trace = trace(Sampler.alwaysOn());
        trace.obtained(trace.begin(), hit);
        trace.sent(trace.begin(), Sent.WHOLE);

        assertEquals(List.of("cache memory", "send whole"), texts());
    }

    @Test
    void showsTheStepsOfAMissThatMayBeKept() {
        AnswerTrace trace = trace(new RecordingSampler(Sampler.alwaysOff()));
        trace.obtained(trace.begin(), new Piece.Missing(Failure.of(Kind.TIMEOUT, "late")));
        trace.sent(trace.begin(), Sent.LEFT);

        assertEquals(List.of("cache unavailable", "send left"), texts());
    }

    @Test
    void takesACutForAnErrorAndAClientThatLeavesForNone() {
        AnswerTrace trace = trace(new RecordingSampler(Sampler.alwaysOff()));
        trace.sent(trace.begin(), Sent.LEFT);
        trace.sent(trace.begin(), Sent.RESET);

        assertEquals(
                List.of(StatusCode.UNSET, StatusCode.ERROR),
                made.stream().map(span -> span.getStatus().getStatusCode()).toList());
    }

    @Test
    void aStepLastsFromItsBeginToNow() {
        AnswerTrace trace = trace(Sampler.alwaysOn());
        long begunNanos = trace.begin();
        ticker.advance(Duration.ofMillis(30));
        trace.obtained(begunNanos, hit);

        SpanData step = made.getFirst();
        assertEquals(NOW.toEpochMilli() * 1_000_000, step.getEndEpochNanos());
        assertEquals(Duration.ofMillis(30).toNanos(), step.getEndEpochNanos() - step.getStartEpochNanos());
    }

    @Test
    void makesNothingWithoutTracing() {
        AnswerTrace.NONE.obtained(AnswerTrace.NONE.begin(), hit);
        AnswerTrace.NONE.sent(AnswerTrace.NONE.begin(), Sent.RESET);

        assertEquals(List.of(), made);
    }

    private AnswerTrace trace(Sampler sampler) {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(new Made())
                        .build())
                .build();
        Span request = sdk.getTracer("test").spanBuilder("request").startSpan();
        return new AnswerTrace(
                new StepSpans(sdk, false, ticker, InstantSource.fixed(NOW)),
                Context.root().with(request));
    }

    /** Name and only word of each. */
    private List<String> texts() {
        return made.stream()
                .map(span -> span.getName() + " "
                        + span.getAttributes().asMap().values().iterator().next())
                .toList();
    }

    private final class Made implements SpanProcessor {
        @Override
        public void onStart(Context parentContext, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            made.add(span.toSpanData());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
