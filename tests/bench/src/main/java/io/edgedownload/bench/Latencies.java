package io.edgedownload.bench;

import java.util.Arrays;

/**
 * How long the calls of one round took.
 *
 * @param p50Micros half of them took at most that long, 99 of 100 at most {@code p99Micros}
 */
record Latencies(double p50Micros, double p99Micros) {
    private static final double NANOS_PER_MICRO = 1_000;

    static Latencies of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(micros(sorted, 0.50), micros(sorted, 0.99));
    }

    /** The least of them that so large a share does not exceed. */
    private static double micros(long[] sorted, double share) {
        return sorted[(int) Math.ceil(sorted.length * share) - 1] / NANOS_PER_MICRO;
    }
}
