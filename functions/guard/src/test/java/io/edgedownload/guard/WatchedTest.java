package io.edgedownload.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.engine.guard.Rules;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchedTest {
    private static final Rules RULES = new Rules(100, 8, 1_000, Duration.ofSeconds(10), 80, Duration.ofSeconds(30));
    private static final long LIMIT = 1_000_000;
    private static final Watched BEGUN = Watched.begun("/pod", 0, RULES);

    @Test
    void aGroupThatIsCalmHasNoShare() {
        Watched after = BEGUN.after(new Counts(100, 10_000, 500, 1), at(1), RULES, LIMIT);
        assertFalse(after.isLimited());
    }

    @Test
    void whatWasSentBeforeItWasFirstSeenCounts() {
        Watched after = BEGUN.after(new Counts(1, 10_000, 900, 1), at(1), RULES, LIMIT);
        assertTrue(after.state().holds(Cause.RETRANSMITS));
        assertEquals(900, after.state().figures().retransmittedSegments());
    }

    @Test
    void aGroupWithTooManyConnectionsGetsASafeShareFirstAndThenWhatIsUnused() {
        Watched first = BEGUN.after(new Counts(200, 0, 0, 0), at(1), RULES, LIMIT);
        assertEquals(new Share(5_000), first.share());
        // A tenth of the limit goes out.
        Watched next = first.after(new Counts(200, 0, 0, 20_000), at(1.2), RULES, LIMIT);
        assertEquals(new Share(7_500), next.share());
    }

    @Test
    void aLookThatFollowsAtOnceSaysNothingOfWhatIsSent() {
        Watched first = BEGUN.after(new Counts(200, 0, 0, 0), at(1), RULES, LIMIT);
        Watched next = first.after(new Counts(200, 0, 0, 500_000), at(1.001), RULES, LIMIT);
        assertEquals(first.share(), next.share());
        // What was sent then is not forgotten.
        Watched later = next.after(new Counts(200, 0, 0, 500_000), at(1.25), RULES, LIMIT);
        assertEquals(new Share(5_000), later.share());
    }

    @Test
    void aLowerLimitHoldsFromTheNextLookOn() {
        Watched first = BEGUN.after(new Counts(200, 0, 0, 0), at(1), RULES, LIMIT);
        Watched next = first.after(new Counts(200, 0, 0, 200_000), at(1.2), RULES, LIMIT / 10);
        assertEquals(new Share(500), next.share());
    }

    @Test
    void itIsLiftedWhenItWasBelowForLongEnough() {
        Watched limited = BEGUN.after(new Counts(200, 0, 0, 0), at(1), RULES, LIMIT);
        Watched easing = limited.after(new Counts(79, 0, 0, 0), at(2), RULES, LIMIT);
        assertTrue(easing.isLimited());
        assertTrue(easing.after(new Counts(79, 0, 0, 0), at(31), RULES, LIMIT).isLimited());
        assertNull(easing.after(new Counts(79, 0, 0, 0), at(32), RULES, LIMIT).share());
    }

    private static long at(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
