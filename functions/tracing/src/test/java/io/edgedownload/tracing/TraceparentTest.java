package io.edgedownload.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.trace.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceparentTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @ParameterizedTest
    @ValueSource(strings = {"00", "01"})
    void whatIsReadIsWhatWasWritten(String flags) {
        String written = "00-" + TRACE + "-" + SPAN + "-" + flags;
        Span read = Span.fromContext(Traceparent.read(written));
        assertTrue(read.getSpanContext().isRemote());
        assertEquals(TRACE, read.getSpanContext().getTraceId());
        assertEquals(flags.equals("01"), read.getSpanContext().isSampled());
        assertEquals(written, Traceparent.of(read));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\r",
            })
    void whatIsNotValidNamesNoTrace(String text) {
        Span read = Span.fromContext(Traceparent.read(text));
        assertFalse(read.getSpanContext().isValid());
        assertEquals("", Traceparent.of(read));
    }
}
