package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class EgressLimitTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTicker ticker = new ManualTicker();
    private final Pacer pacer = new Pacer(ticker, ticker);
    private final EgressLimit limit = new EgressLimit(pacer, ticker, ticker);

    @Test
    void theLowestOfAllSourcesHolds() {
        limit.set("guard", 200_000, MINUTE);
        limit.set("coordinator", 100_000, MINUTE);
        assertEquals(OptionalLong.of(100_000), limit.bytesPerSecond());
        limit.lift("coordinator");
        assertEquals(OptionalLong.of(200_000), limit.bytesPerSecond());
        assertTrue(pacer.isLimited());
        limit.lift("guard");
        assertFalse(pacer.isLimited());
    }

    @Test
    void aLimitEndsByItselfUnlessItIsRenewed() {
        limit.set("guard", 1, MINUTE);
        ticker.advance(Duration.ofSeconds(59));
        limit.set("guard", 2, MINUTE);
        ticker.advance(Duration.ofSeconds(59));
        assertEquals(OptionalLong.of(2), limit.bytesPerSecond());
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(OptionalLong.empty(), limit.bytesPerSecond());
        assertFalse(pacer.isLimited());
        assertEquals(0, ticker.alarms());
    }

    @Test
    void theOthersHoldWhenOneEnds() {
        limit.set("a", 1, Duration.ofSeconds(1));
        limit.set("b", 5, MINUTE);
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(OptionalLong.of(5), limit.bytesPerSecond());
        assertEquals(1, ticker.alarms());
    }

    @Test
    void nothingAtAllIsNoLimit() {
        assertThrows(IllegalArgumentException.class, () -> limit.set("a", 0, MINUTE));
    }

    @Test
    void sourcesAreBounded() {
        for (int source = 0; source < EgressLimit.MOST_SOURCES; source++) {
            limit.set("s" + source, 1, MINUTE);
        }
        limit.set("s0", 2, MINUTE);
        assertThrows(IllegalStateException.class, () -> limit.set("more", 1, MINUTE));
    }

    @Test
    void forAgesIsBounded() {
        limit.set("a", 1, Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(OptionalLong.of(1), limit.bytesPerSecond());
    }
}
