package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptTracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final List<String> exported = new ArrayList<>();
    private final KeptTraces kept = new KeptTraces(new Exported(), Duration.ofSeconds(1));
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .setSampler(new RecordingSampler(Sampler.parentBased(Sampler.alwaysOff())))
            .addSpanProcessor(kept)
            .build();
    private final Tracer tracer = provider.get("test");

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void forgetsWhatIsWell() {
        Span request = request("request");
        child("fetch", request).end();
        request.end();

        assertEquals(List.of(), exported);
    }

    @Test
    void exportsAllOfATraceOnceOneSpanIsAnError() {
        Span request = request("request");
        child("before", request).end();
        child("failed", request).setStatus(StatusCode.ERROR).end();
        child("after", request).end();
        request.end();
        child("late", request).end();

        assertEquals(List.of("before", "failed", "after", "request", "late"), exported);
    }

    @Test
    void exportsWhatIsSlow() {
        Span request = request("request");
        tracer.spanBuilder("slow")
                .setParent(Context.root().with(request))
                .setStartTimestamp(1, TimeUnit.SECONDS)
                .startSpan()
                .end(3, TimeUnit.SECONDS);
        request.end();

        assertEquals(List.of("slow", "request"), exported);
    }

    @Test
    void takesTheTimeOfSendingForTheClients() {
        Span request = request("request");
        tracer.spanBuilder(StepSpans.SEND)
                .setParent(Context.root().with(request))
                .setStartTimestamp(1, TimeUnit.SECONDS)
                .startSpan()
                .end(3, TimeUnit.SECONDS);
        request.setAttribute(RequestSpans.HEAD_MILLIS, 12.0).end(Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS);

        assertEquals(List.of(), exported);
    }

    @Test
    void waitsForTheLastRequestOfATrace() {
        Span first = request("first");
        Span second = request("second");
        child("fetch", first).end();
        first.end();
        assertEquals(List.of(), exported);
        second.setStatus(StatusCode.ERROR).end();

        assertEquals(List.of("fetch", "second"), exported);
    }

    @Test
    void forgetsWhatComesAfterATraceThatWasWell() {
        Span request = request("request");
        request.end();
        child("late", request).end();
        Span next = request("next");
        next.setStatus(StatusCode.ERROR).end();

        assertEquals(List.of("next"), exported);
    }

    @Test
    void holdsSoManySpansOfATraceAndCountsTheOthers() {
        Span request = request("request");
        for (int number = 0; number < KeptTraces.MAX_SPANS_OF_A_TRACE + 3; number++) {
            child("fetch", request).end();
        }
        assertEquals(3, kept.lost());
        request.setStatus(StatusCode.ERROR).end();

        assertEquals(KeptTraces.MAX_SPANS_OF_A_TRACE + 1, exported.size());
    }

    @Test
    void holdsSoManySpansOfAllTracesAndHasRoomAgainAfterwards() {
        List<Span> requests = new ArrayList<>();
        for (int trace = 1; trace * KeptTraces.MAX_SPANS_OF_A_TRACE <= KeptTraces.MAX_SPANS; trace++) {
            Span request = tracer.spanBuilder("request").setNoParent().startSpan();
            requests.add(request);
            for (int number = 0; number < KeptTraces.MAX_SPANS_OF_A_TRACE; number++) {
                child("fetch", request).end();
            }
        }
        Span one = request("one");
        child("lost", one).end();
        assertEquals(1, kept.lost());
        requests.forEach(Span::end);
        child("held", one).end();
        one.setStatus(StatusCode.ERROR).end();

        assertEquals(List.of("held", "one"), exported);
    }

    /** Of a client that does not trace. */
    private Span request(String name) {
        SpanContext client = SpanContext.createFromRemoteParent(
                TRACE, "00f067aa0ba902b7", TraceFlags.getDefault(), TraceState.getDefault());
        return tracer.spanBuilder(name)
                .setParent(Context.root().with(Span.wrap(client)))
                .startSpan();
    }

    private Span child(String name, Span parent) {
        return tracer.spanBuilder(name).setParent(Context.root().with(parent)).startSpan();
    }

    /** What comes here, by name. */
    private final class Exported implements SpanProcessor {
        @Override
        public void onStart(Context parentContext, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            assertEquals(true, span.toSpanData().getSpanContext().isSampled());
            exported.add(span.toSpanData().getName());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
