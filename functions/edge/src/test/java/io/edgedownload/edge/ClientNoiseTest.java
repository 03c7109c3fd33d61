package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ClientNoiseTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String NOISY = "io.netty.channel.DefaultChannelPipeline";
    private static final String OTHER = "io.vertx.core.net.impl.ConnectionBase";

    private final ClientNoise filter = new ClientNoise();

    @Test
    void oneRecordAMinuteOfEachLoggerIsWritten() {
        assertEquals(true, isWritten(NOISY, 0));
        assertEquals(false, isWritten(NOISY, 0));
        assertEquals(true, isWritten(OTHER, 1));
        assertEquals(false, isWritten(NOISY, 59));
        assertEquals(true, isWritten(NOISY, 60));
        assertEquals(false, isWritten(NOISY, 119));
        assertEquals(true, isWritten(NOISY, 120));
    }

    @Test
    void aClockThatIsSetBackSilencesNothing() {
        assertEquals(true, isWritten(NOISY, 7_200));
        assertEquals(true, isWritten(NOISY, 0));
    }

    @Test
    void allElseIsWritten() {
        assertEquals(true, isWritten("io.edgedownload.edge.Problems", 0));
        assertEquals(true, isWritten("io.edgedownload.edge.Problems", 0));
        assertEquals(true, isWritten(null, 0));
    }

    private boolean isWritten(@Nullable String logger, long second) {
        LogRecord record = new LogRecord(Level.WARNING, "m");
        record.setLoggerName(logger);
        record.setInstant(START.plusSeconds(second));
        return filter.isLoggable(record);
    }
}
