package io.edgedownload.engine.breaker;

import java.util.List;

/**
 * The requests of one window.
 *
 * @param requests all of them
 * @param failed of them
 * @param slow those that took longer than the limit of the P95, counted exactly
 * @param p95Nanos nearest rank, from a {@link Histogram}; 0 when there are no requests
 */
record Tally(long requests, long failed, long slow, long p95Nanos) {
    static final Tally EMPTY = new Tally(0, 0, 0, 0);

    static Tally of(List<Bucket> buckets) {
        long[] durations = new long[Histogram.CELLS];
        long requests = 0;
        long failed = 0;
        long slow = 0;
        for (Bucket bucket : buckets) {
            // The requests last: one that is counted meanwhile must not be failed before it is a request.
            failed += bucket.failed().get();
            slow += bucket.slow().get();
            requests += bucket.durations().addTo(durations);
        }
        return new Tally(requests, failed, slow, Histogram.p95Nanos(durations, requests));
    }

    /** Whether the successful share is under the limit; not when it is exactly that. */
    boolean succeedsLessThan(int percent) {
        return (requests - failed) * 100 < percent * requests;
    }

    /**
     * Whether the P95 is over the limit that {@code slow} was counted by; not when it is exactly that. By nearest rank the P95
     * is over it just when more than one request in twenty is.
     */
    boolean p95IsSlow() {
        return slow * 20 > requests;
    }
}
