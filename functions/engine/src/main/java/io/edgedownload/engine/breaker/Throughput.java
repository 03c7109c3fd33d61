package io.edgedownload.engine.breaker;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How fast one transfer from an origin goes, as seen lately: bytes to seconds, where what was seen 10 s ago weighs half. Many
 * transfers at once are averaged, not added up.
 */
public final class Throughput {
    private static final double HALF_LIFE_NANOS = 10e9;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Ticker ticker;
    private final AtomicReference<Seen> seen;

    /** Sums of what was seen, each as heavy as it was at {@code atNanos}. */
    private record Seen(double bytes, double seconds, long atNanos) {
        Seen at(long nowNanos) {
            // Another thread may have been here with a later time.
            long passedNanos = Math.max(0, nowNanos - atNanos);
            double weight = Math.pow(0.5, passedNanos / HALF_LIFE_NANOS);
            return new Seen(bytes * weight, seconds * weight, atNanos + passedNanos);
        }
    }

    public Throughput(Ticker ticker) {
        this.ticker = ticker;
        this.seen = new AtomicReference<>(new Seen(0, 0, ticker.nanos()));
    }

    /** A transfer, or a part of one, has brought that much in that time; one that took no time says nothing. */
    public void observed(long bytes, Duration took) {
        double seconds = took.toNanos() / NANOS_PER_SECOND;
        if (bytes >= 0 && seconds > 0) {
            long now = ticker.nanos();
            seen.updateAndGet(is -> {
                Seen faded = is.at(now);
                return new Seen(faded.bytes() + bytes, faded.seconds() + seconds, faded.atNanos());
            });
        }
    }

    /**
     * How long a transfer will take. As long as nothing was seen it is zero, for nothing then speaks against an attempt; it is
     * at most 24 h.
     */
    public Duration toTransfer(long bytes) {
        Seen is = seen.get();
        double seconds = is.seconds() == 0 ? 0 : bytes * is.seconds() / is.bytes();
        double longest = Deadline.LONGEST.toSeconds();
        return Duration.ofNanos((long) (Math.min(longest, seconds) * NANOS_PER_SECOND));
    }

    /** Whether an attempt that begins after {@code wait} can be done in the time left: otherwise it is not to be made. */
    public boolean fits(long bytes, Duration wait, Deadline deadline) {
        return wait.plus(toTransfer(bytes)).compareTo(deadline.remaining()) <= 0;
    }
}
