package io.edgedownload.engine.breaker;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests that were reported in one stretch of time. It is made anew for each, rather than set back, so that nothing
 * changes under those who count.
 *
 * @param number of the stretch; the first one of a window is 0
 * @param endNanos when the next one begins
 * @param durations of all requests
 * @param slow those that took longer than the limit of the P95
 */
record Bucket(long number, long endNanos, Histogram durations, AtomicInteger failed, AtomicInteger slow) {
    Bucket(long number, long endNanos) {
        this(number, endNanos, new Histogram(), new AtomicInteger(), new AtomicInteger());
    }

    void count(boolean hasFailed, boolean isSlow, long durationNanos) {
        // The request first: whoever reads meanwhile must not see a failure without its request.
        durations.count(durationNanos);
        if (hasFailed) {
            failed.getAndIncrement();
        }
        if (isSlow) {
            slow.getAndIncrement();
        }
    }
}
