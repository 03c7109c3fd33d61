package io.edgedownload.bench;

import java.time.Duration;

/**
 * One round of one server.
 *
 * @param requests answered
 * @param bytes read, with heads
 * @param p50Micros half of the answers were complete within it, 99 of 100 within {@code p99Micros}
 * @param failed that brought an error, or nothing
 * @param cpu of the server's processes
 */
record Measured(
        long requests, long bytes, Duration duration, long p50Micros, long p99Micros, long failed, Duration cpu) {
    private static final double GIB = 1L << 30;

    double p50Millis() {
        return p50Micros / 1e3;
    }

    double p99Millis() {
        return p99Micros / 1e3;
    }

    double requestsPerSecond() {
        return requests / seconds(duration);
    }

    double megabytesPerSecond() {
        return bytes / 1e6 / seconds(duration);
    }

    double cpuSecondsPerGib() {
        return seconds(cpu) / (bytes / GIB);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
