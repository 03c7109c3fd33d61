package io.edgedownload.engine.resolve;

import java.time.Duration;

/**
 * What is known of one name server.
 *
 * @param smoothedNanos of its answers (RFC 6298 §2); 0 when none has come
 * @param deviationNanos of the same
 * @param measuredAtNanos when it last answered
 * @param failures in a row
 * @param checkAtNanos when it is to be tried again, beside the server that is asked in its place; of meaning after a failure
 * @param plain whether it does not know EDNS
 * @param plainUntilNanos when that is to be tried again: servers are replaced
 */
record ServerHealth(
        long smoothedNanos,
        long deviationNanos,
        long measuredAtNanos,
        int failures,
        long checkAtNanos,
        boolean plain,
        long plainUntilNanos) {
    static final ServerHealth UNKNOWN = new ServerHealth(0, 0, 0, 0, 0, false, 0);

    /** Recursive servers answer from their cache at once and otherwise after a walk: less would ask others in vain. */
    private static final long MIN_PATIENCE_NANOS = Duration.ofMillis(200).toNanos();

    private static final long PATIENCE_WITH_UNKNOWN_NANOS =
            Duration.ofMillis(400).toNanos();
    private static final long FIRST_PENALTY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_DOUBLINGS = 5;
    private static final long MEASURED_FOR_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long PLAIN_FOR_NANOS = Duration.ofMinutes(15).toNanos();

    /** Latencies of the same power of two count as equal, so that the configured order holds among equals. */
    int latencyBand() {
        return Long.SIZE
                - Long.numberOfLeadingZeros(Duration.ofNanos(smoothedNanos).toMillis());
    }

    boolean failing() {
        return failures > 0;
    }

    /**
     * How long to wait for it before another is asked as well.
     *
     * @param most the configured timeout
     */
    long patienceNanos(long most) {
        long patience = smoothedNanos == 0
                ? PATIENCE_WITH_UNKNOWN_NANOS
                : Math.max(MIN_PATIENCE_NANOS, smoothedNanos + 4 * deviationNanos);
        return Math.min(patience, most);
    }

    /** Whether a copy of a question should go to it to see how it is. */
    boolean due(long nowNanos) {
        return failing()
                ? nowNanos - checkAtNanos >= 0
                : smoothedNanos > 0 && nowNanos - measuredAtNanos >= MEASURED_FOR_NANOS;
    }

    ServerHealth answered(long latencyNanos, long nowNanos) {
        long difference = Math.abs(latencyNanos - smoothedNanos);
        return smoothedNanos == 0
                ? new ServerHealth(Math.max(1, latencyNanos), latencyNanos / 2, nowNanos, 0, 0, plain, plainUntilNanos)
                : new ServerHealth(
                        Math.max(1, smoothedNanos - smoothedNanos / 8 + latencyNanos / 8),
                        deviationNanos - deviationNanos / 4 + difference / 4,
                        nowNanos,
                        0,
                        0,
                        plain,
                        plainUntilNanos);
    }

    ServerHealth failed(long nowNanos) {
        return new ServerHealth(
                smoothedNanos,
                deviationNanos,
                measuredAtNanos,
                Math.min(failures + 1, MAX_DOUBLINGS + 1),
                nowNanos + (FIRST_PENALTY_NANOS << Math.min(failures, MAX_DOUBLINGS)),
                plain,
                plainUntilNanos);
    }

    /** Taken for a check by one caller; the next may check after as long again. */
    ServerHealth checked(long nowNanos) {
        return failing()
                ? new ServerHealth(
                        smoothedNanos,
                        deviationNanos,
                        measuredAtNanos,
                        failures,
                        nowNanos + (FIRST_PENALTY_NANOS << Math.min(failures, MAX_DOUBLINGS)),
                        plain,
                        plainUntilNanos)
                : new ServerHealth(smoothedNanos, deviationNanos, nowNanos, 0, 0, plain, plainUntilNanos);
    }

    boolean knowsEdns(long nowNanos) {
        return !plain || nowNanos - plainUntilNanos >= 0;
    }

    ServerHealth withoutEdns(long nowNanos) {
        return new ServerHealth(
                smoothedNanos,
                deviationNanos,
                measuredAtNanos,
                failures,
                checkAtNanos,
                true,
                nowNanos + PLAIN_FOR_NANOS);
    }
}
