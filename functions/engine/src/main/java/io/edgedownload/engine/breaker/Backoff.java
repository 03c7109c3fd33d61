package io.edgedownload.engine.breaker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a retry: decorrelated jitter, {@code min(cap, random(base, previous * 3))}, from "Exponential Backoff
 * And Jitter" of the AWS Architecture Blog. Retries of many that failed together spread out.
 *
 * @param base the shortest wait, more than zero
 * @param cap the longest, at least {@code base} and at most 24 h
 */
public record Backoff(Duration base, Duration cap, RandomGenerator random) {
    public Backoff {
        if (base.isNegative() || base.isZero() || cap.compareTo(base) < 0 || cap.compareTo(Duration.ofHours(24)) > 0) {
            throw new IllegalArgumentException("not a base and a cap: " + base + ", " + cap);
        }
    }

    /** The wait before the first retry. */
    public Duration first() {
        return next(base);
    }

    /** The wait after one of that length. */
    public Duration next(Duration previous) {
        Duration known = previous.compareTo(cap) > 0 ? cap : previous;
        long bound = Math.max(base.toNanos(), known.toNanos() * 3);
        return Duration.ofNanos(Math.min(cap.toNanos(), random.nextLong(base.toNanos(), bound + 1)));
    }
}
