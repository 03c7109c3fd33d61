package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DecorrelatedJitterTest {
    @Test
    void waitsDifferWithinTheirBounds() {
        Set<Long> firsts = new HashSet<>();
        for (int load = 0; load < 100; load++) {
            DecorrelatedJitter jitter = new DecorrelatedJitter();
            jitter.init(50);
            long previous = 50;
            for (int round = 0; round < 10; round++) {
                long wait = jitter.nextDelayInMillis(new IllegalStateException("test"));
                // In whole milliseconds.
                assertTrue(wait >= 50 && wait <= Math.min(1_000, 3 * (previous + 1)), previous + " then " + wait);
                previous = wait;
                if (round == 0) {
                    firsts.add(wait);
                }
            }
        }
        assertNotEquals(1, firsts.size());
    }

    @Test
    void aDelayOfZeroIsTheShortest() {
        DecorrelatedJitter jitter = new DecorrelatedJitter();
        jitter.init(0);

        assertTrue(jitter.nextDelayInMillis(new IllegalStateException("test")) <= 3);
    }
}
