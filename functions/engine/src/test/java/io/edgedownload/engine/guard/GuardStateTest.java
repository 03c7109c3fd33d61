package io.edgedownload.engine.guard;

import static io.edgedownload.engine.guard.Cause.CONNECTIONS;
import static io.edgedownload.engine.guard.Cause.RETRANSMITS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The guard as its samples make it, one a second unless a test says otherwise. */
final class GuardStateTest {
    private static final Rules RULES = new Rules(5_000, 8, 1_000, Duration.ofSeconds(10), 80, Duration.ofSeconds(30));
    private static final Duration SECOND = Duration.ofSeconds(1);

    // It overflows on the way.
    private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - SECOND.toNanos());
    private GuardState state = GuardState.initial();
    private long sent = 7_000_000;
    private long retransmitted = 100_000;

    @Test
    void isCalmUpToTheThresholdOfConnections() {
        second(5_000, 0, 0);
        assertFalse(state.isLimiting());
    }

    @Test
    void limitsAtTheFirstSampleWithTooManyConnections() {
        second(5_001, 0, 0);
        assertTrue(state.holds(CONNECTIONS));
        assertFalse(state.holds(RETRANSMITS));
        assertEquals(new Figures(5_001, 0, 0), state.figures());
    }

    @Test
    void liftsAfterThirtySecondsBelowFourFifths() {
        second(5_001, 0, 0);
        seconds(30, 3_999);
        assertTrue(state.isLimiting());
        second(3_999, 0, 0);
        assertFalse(state.isLimiting());
    }

    @Test
    void atFourFifthsItStays() {
        second(5_001, 0, 0);
        seconds(100, 4_000);
        assertTrue(state.isLimiting());
    }

    @Test
    void aSecondAboveFourFifthsBeginsTheWaitAnew() {
        second(5_001, 0, 0);
        seconds(25, 3_000);
        second(4_500, 0, 0);
        seconds(30, 3_000);
        assertTrue(state.isLimiting());
        second(3_000, 0, 0);
        assertFalse(state.isLimiting());
    }

    @Test
    void limitsWhenMoreThanEightPercentOfTheWindowIsRetransmitted() {
        second(1, 0, 0);
        second(1, 2_000, 160);
        assertFalse(state.isLimiting());
        second(1, 0, 1);
        assertTrue(state.holds(RETRANSMITS));
        assertFalse(state.holds(CONNECTIONS));
        assertEquals(0.0805, state.figures().retransmitShare(), 1e-9);
    }

    @Test
    void fewSegmentsSayNothing() {
        second(1, 0, 0);
        second(1, 999, 999);
        assertFalse(state.isLimiting());
        second(1, 1, 0);
        assertTrue(state.isLimiting());
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        second(1, 0, 0);
        second(1, 900, 900);
        for (int quiet = 0; quiet < 10; quiet++) {
            second(1, 0, 0);
        }
        second(1, 900, 0);
        assertFalse(state.isLimiting());
        assertEquals(new Figures(1, 900, 0), state.figures());
    }

    @Test
    void retransmitsEaseWhenHardlyAnythingIsSent() {
        second(1, 0, 0);
        second(1, 1_000, 500);
        assertTrue(state.holds(RETRANSMITS));
        // In the tenth the bad second leaves the window; for thirty more it must last.
        seconds(39, 1);
        assertTrue(state.holds(RETRANSMITS));
        second(1, 0, 0);
        assertFalse(state.holds(RETRANSMITS));
    }

    @Test
    void oneCauseMayLeaveBeforeTheOther() {
        second(6_000, 0, 0);
        second(6_000, 1_000, 500);
        assertTrue(state.holds(CONNECTIONS) && state.holds(RETRANSMITS));
        seconds(41, 6_000);
        assertTrue(state.holds(CONNECTIONS) && !state.holds(RETRANSMITS));
    }

    @Test
    void countersThatGoBackCountNothingThatSecond() {
        second(1, 0, 0);
        second(1, 500, 0);
        sent = 10;
        retransmitted = 900;
        second(1, 0, 0);
        second(1, 500, 0);
        assertEquals(new Figures(1, 1_000, 0), state.figures());
        assertFalse(state.isLimiting());
    }

    @Test
    void afterAFreezeTheWindowBeginsAnew() {
        second(1, 0, 0);
        ticker.advance(Duration.ofHours(1));
        second(1, 1_000_000, 900_000);
        assertFalse(state.isLimiting());
        assertEquals(new Figures(1, 0, 0), state.figures());
    }

    @Test
    void samplesAreBounded() {
        for (int sample = 0; sample < 2_000; sample++) {
            state = state.after(new Sample(ticker.nanos(), new Counters(1, sample, 0)), RULES);
        }
        assertEquals(600, state.samples().size());
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> rules(0, 8, 1, SECOND, 80, SECOND));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 0, 1, SECOND, 80, SECOND));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 101, 1, SECOND, 80, SECOND));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 8, 0, SECOND, 80, SECOND));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 8, 1, Duration.ofMinutes(6), 80, SECOND));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 8, 1, SECOND, 101, SECOND));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 8, 1, SECOND, 80, SECOND.negated()));
    }

    private static Rules rules(
            long established, double percent, long segments, Duration window, int liftPercent, Duration liftAfter) {
        return new Rules(established, percent, segments, window, liftPercent, liftAfter);
    }

    private void seconds(int seconds, long established) {
        for (int second = 0; second < seconds; second++) {
            second(established, 0, 0);
        }
    }

    /** A second in which so many segments were sent, and so many again. */
    private void second(long established, long moreSent, long moreRetransmitted) {
        ticker.advance(SECOND);
        sent += moreSent;
        retransmitted += moreRetransmitted;
        state = state.after(new Sample(ticker.nanos(), new Counters(established, sent, retransmitted)), RULES);
    }
}
