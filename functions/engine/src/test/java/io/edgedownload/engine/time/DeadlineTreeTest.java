package io.edgedownload.engine.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of every invocation, shown on random ones: a step makes deadlines for the steps it consists of, one after the
 * other, down to attempts that take some time; and when those are at their end, a fallback takes over.
 */
final class DeadlineTreeTest {
    private static final int TREES = 2_000;
    private static final int MAX_DEPTH = 6;
    private static final int MAX_CHILDREN = 4;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_123, -7})
    void noStepHasMoreTimeThanTheStepItBelongsTo(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int attempts = 0;
        for (int tree = 0; tree < TREES; tree++) {
            Tree grown = new Tree(random.split());
            grown.step(Deadline.after(grown.duration(), grown.ticker), MAX_DEPTH);
            attempts += grown.attempts;
        }
        assertTrue(attempts > TREES, () -> "these trees show little");
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 20_261_123, -8})
    void theReserveIsThereWhenTheFallbackBegins(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int tree = 0; tree < TREES; tree++) {
            Tree grown = new Tree(random.split());
            Deadline invocation = Deadline.after(grown.duration(), grown.ticker);
            long budgetNanos = invocation.remainingNanos();
            Duration reserve = grown.duration();
            Deadline origins = invocation.keeping(reserve);
            // Rounds of attempts, until there is no time for another.
            for (int round = 0; round < MAX_CHILDREN || !origins.passed(); round++) {
                grown.step(origins, MAX_DEPTH);
            }
            long keptNanos = Math.min(Math.max(0, reserve.toNanos()), budgetNanos / 5);
            assertEquals(keptNanos, invocation.remainingNanos(), "the reserve of " + reserve);
            assertEquals(keptNanos > 0, invocation.allows(Duration.ofNanos(keptNanos)));
        }
    }

    /** One invocation that is made up on the way, and the clock that it is timed by. */
    private static final class Tree {
        private final SplittableRandom random;
        private final ManualTicker ticker;
        private final Duration minimum;
        private int attempts;

        Tree(SplittableRandom random) {
            this.random = random;
            // Anywhere, so that the counter overflows in some.
            this.ticker = new ManualTicker(random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - 1_000_000_000);
            this.minimum = Duration.ofMillis(random.nextInt(0, 200));
        }

        /** Some steps one after the other, each with a deadline of its own, or an attempt. */
        void step(Deadline deadline, int depth) {
            if (depth == 0 || random.nextInt(4) == 0) {
                attempt(deadline);
                return;
            }
            for (int children = random.nextInt(1, MAX_CHILDREN); children > 0; children--) {
                Deadline child = child(deadline);
                assertTrue(child.atNanos() - deadline.atNanos() <= 0, "later than the step it belongs to");
                assertTrue(
                        child.remainingNanos() <= deadline.remainingNanos(), "more time than the step it belongs to");
                assertTrue(child.passed() || !deadline.passed(), "goes on after the step it belongs to");
                step(child, depth - 1);
            }
        }

        private Deadline child(Deadline deadline) {
            return switch (random.nextInt(4)) {
                case 0 -> deadline;
                case 1 -> deadline.keeping(duration());
                default -> deadline.within(duration());
            };
        }

        /** Begins only if there is enough time, and ends by itself or at its deadline. */
        private void attempt(Deadline deadline) {
            long leftNanos = deadline.remainingNanos();
            if (!deadline.allows(minimum)) {
                assertTrue(leftNanos == 0 || leftNanos < minimum.toNanos(), "not begun although there was time");
                // What does not begin takes no time; the step it belongs to decides what else to do, and takes some.
                pass(random.nextLong(0, 100_000_000), deadline);
                return;
            }
            attempts++;
            assertFalse(deadline.passed());
            assertTrue(leftNanos >= minimum.toNanos(), "begun with too little time");
            pass(random.nextLong(0, 4_000_000_000L), deadline);
        }

        /** Lets time pass, but not beyond the deadline. */
        private void pass(long wantedNanos, Deadline deadline) {
            ticker.advance(Duration.ofNanos(Math.min(wantedNanos, deadline.remainingNanos())));
        }

        /** Nothing, less than nothing, or up to ten seconds. */
        Duration duration() {
            return Duration.ofNanos(random.nextLong(-1_000_000, 10_000_000_000L));
        }
    }
}
