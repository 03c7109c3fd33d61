package io.edgedownload.engine.breaker;

import io.edgedownload.engine.breaker.Admission.Admitted;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import java.util.List;
import java.util.OptionalLong;

/** What a breaker knows; immutable but for what is counted in buckets, and changed by compare-and-set. */
sealed interface State {
    /** How many states there were before this one; what was admitted in another epoch does not count. */
    long epoch();

    Status status();

    /**
     * Requests go out and are counted.
     *
     * @param admitted the answer to all of them: one for the epoch, so that admitting allocates nothing
     * @param startNanos when the first bucket began
     * @param full the buckets of the window before the current one, without those in which nobody asked
     * @param current the one that is being counted in; the window was judged at its beginning
     * @param sickSince the bucket at whose beginning an indicator was over its limit first, and ever since
     * @param tally what was judged
     */
    record Closed(
            long epoch,
            Admitted admitted,
            long startNanos,
            List<Bucket> full,
            Bucket current,
            OptionalLong sickSince,
            Tally tally)
            implements State {
        @Override
        public Status status() {
            return Status.CLOSED;
        }
    }

    record Open(long epoch, long untilNanos, Reason reason) implements State {
        @Override
        public Status status() {
            return Status.OPEN;
        }
    }

    /**
     * A few probes go out.
     *
     * @param given probes that went out and were not abandoned
     * @param succeeded of them
     * @param lastGivenNanos when the last of them went out
     * @param reason why the breaker was open
     */
    record HalfOpen(long epoch, int given, int succeeded, long lastGivenNanos, Reason reason) implements State {
        @Override
        public Status status() {
            return Status.HALF_OPEN;
        }

        HalfOpen withGiven(long nowNanos) {
            return new HalfOpen(epoch, given + 1, succeeded, nowNanos, reason);
        }

        HalfOpen withAbandoned() {
            return new HalfOpen(epoch, given - 1, succeeded, lastGivenNanos, reason);
        }

        HalfOpen withSucceeded() {
            return new HalfOpen(epoch, given, succeeded + 1, lastGivenNanos, reason);
        }
    }
}
