package io.edgedownload.engine.guard;

import java.time.Duration;

/**
 * When a network is sick, and when it has recovered.
 *
 * @param establishedMax connections beyond which there are too many; at least 1
 * @param retransmitPercent of the sent segments beyond which too many are retransmitted; over 0, at most 100
 * @param segmentsMin sent in the window, so that the share is judged at all; at least 1
 * @param window over which segments are counted; over 0, at most 5 minutes
 * @param liftPercent of a threshold below which it eases; 1 to 100
 * @param liftAfter how long it must stay below; not negative
 */
public record Rules(
        long establishedMax,
        double retransmitPercent,
        long segmentsMin,
        Duration window,
        int liftPercent,
        Duration liftAfter) {
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(5);

    public Rules {
        require(establishedMax >= 1, "established-max must be at least 1");
        require(retransmitPercent > 0 && retransmitPercent <= 100, "retransmit-percent must be over 0 and at most 100");
        require(segmentsMin >= 1, "segments-min must be at least 1");
        require(
                window.isPositive() && window.compareTo(LONGEST_WINDOW) <= 0,
                "window must be longer than zero and at most 5m");
        require(liftPercent >= 1 && liftPercent <= 100, "lift-percent must be 1 to 100");
        require(!liftAfter.isNegative(), "lift-after must not be negative");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
