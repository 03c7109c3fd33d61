package io.edgedownload.engine.guard;

import java.time.Duration;

/**
 * A token bucket: what may be sent right now, and what time adds to it. In billionths of a byte, so that no rounding adds up.
 *
 * @param bytesPerSecond {@value #LEAST} to {@value #MOST}
 * @param credit what may be sent, in billionths of a byte
 * @param atNanos when that was so
 */
record Bucket(long bytesPerSecond, long credit, long atNanos) {
    /** One turn a second. */
    static final long LEAST = Pacer.TURN_BYTES;

    /** Beyond it the arithmetic would overflow. */
    static final long MOST = 100_000_000_000L;

    private static final long UNITS = 1_000_000_000;

    /** The part of a second that may be sent at once: timers are late by a few milliseconds, and nothing is to be lost by that. */
    private static final int BURST = 20;

    static Bucket empty(long bytesPerSecond, long atNanos) {
        return new Bucket(Math.clamp(bytesPerSecond, LEAST, MOST), 0, atNanos);
    }

    Bucket withRate(long bytesPerSecond) {
        Bucket other = empty(bytesPerSecond, atNanos);
        return new Bucket(other.bytesPerSecond, Math.min(credit, other.most()), atNanos);
    }

    Bucket at(long nowNanos) {
        long elapsedNanos = Math.max(0, nowNanos - atNanos);
        long fullAfterNanos = (most() - credit) / bytesPerSecond + 1;
        return new Bucket(
                bytesPerSecond,
                elapsedNanos >= fullAfterNanos ? most() : credit + elapsedNanos * bytesPerSecond,
                nowNanos);
    }

    boolean holds(int bytes) {
        return credit >= bytes * UNITS;
    }

    Bucket without(int bytes) {
        return new Bucket(bytesPerSecond, credit - bytes * UNITS, atNanos);
    }

    /** How long until it holds so many. */
    Duration until(int bytes) {
        return Duration.ofNanos(Math.ceilDiv(bytes * UNITS - credit, bytesPerSecond));
    }

    private long most() {
        return Math.max(Pacer.TURN_BYTES, bytesPerSecond / BURST) * UNITS;
    }
}
