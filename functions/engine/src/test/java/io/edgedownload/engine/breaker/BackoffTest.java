package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackoffTest {
    private static final Duration BASE = Duration.ofMillis(50);
    private static final Duration CAP = Duration.ofSeconds(2);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aWaitIsBetweenTheBaseAndThreeTimesTheOneBeforeUpToTheCap(long seed) {
        Backoff backoff = new Backoff(BASE, CAP, new Random(seed));
        Duration previous = BASE;
        boolean capped = false;
        for (int i = 0; i < 5_000; i++) {
            Duration next = backoff.next(previous);
            assertTrue(next.compareTo(BASE) >= 0 && next.compareTo(CAP) <= 0);
            assertTrue(next.compareTo(previous.multipliedBy(3)) <= 0);
            capped |= next.equals(CAP);
            previous = next;
        }
        assertTrue(capped);
    }

    @ParameterizedTest(name = "after {0} ms: up to {1} ms")
    @CsvSource({"50, 150", "100, 300", "666, 1998", "667, 2000", "2000, 2000", "999999999999, 2000", "0, 50", "-7, 50"})
    void theLongestWaitFollowsFromTheOneBefore(long previousMillis, long mostMillis) {
        Backoff longest = new Backoff(BASE, CAP, highest());
        assertEquals(Duration.ofMillis(mostMillis), longest.next(Duration.ofMillis(previousMillis)));
    }

    @Test
    void theFirstWaitIsBetweenTheBaseAndThreeTimesIt() {
        assertEquals(Duration.ofMillis(150), new Backoff(BASE, CAP, highest()).first());
    }

    @Test
    void aBaseThatIsTheCapLeavesNoChoice() {
        assertEquals(CAP, new Backoff(CAP, CAP, new Random(1)).first());
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "-1, 10", "10, 9", "10, 86400001"})
    void whatMakesNoSenseIsRefused(long baseMillis, long capMillis) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Backoff(Duration.ofMillis(baseMillis), Duration.ofMillis(capMillis), new Random(1)));
    }

    /** Always the last value that may come. */
    private static RandomGenerator highest() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public long nextLong(long origin, long bound) {
                return bound - 1;
            }
        };
    }
}
