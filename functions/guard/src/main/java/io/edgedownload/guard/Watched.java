package io.edgedownload.guard;

import io.edgedownload.engine.guard.GuardState;
import io.edgedownload.engine.guard.Rules;
import io.edgedownload.engine.guard.Sample;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one control group. A value that each look turns into the next one.
 *
 * @param name its path, as in {@code /proc/PID/cgroup}
 * @param share of each of its sockets; null while it is not limited
 * @param counts as they were when the share was last set, or looked at without one
 * @param atNanos then, in the ticker's time
 */
record Watched(String name, GuardState state, @Nullable Share share, Counts counts, long atNanos) {
    /** Of fewer bytes than are sent in that time nothing can be said. */
    private static final Duration LEAST = Duration.ofMillis(100);

    /**
     * @param atNanos when it was looked at before, and had done nothing
     */
    static Watched begun(String name, long atNanos, Rules rules) {
        GuardState nothing = GuardState.initial().after(new Sample(atNanos, Counts.NONE.counters()), rules);
        return new Watched(name, nothing, null, Counts.NONE, atNanos);
    }

    /**
     * @param limit for the group, in bytes a second
     */
    Watched after(Counts now, long nowNanos, Rules rules, long limit) {
        GuardState next = state.after(new Sample(nowNanos, now.counters()), rules);
        if (!next.isLimiting()) {
            return new Watched(name, next, null, now, nowNanos);
        }
        if (share == null) {
            return new Watched(name, next, Share.first(limit, now.established()), now, nowNanos);
        }
        long elapsedNanos = nowNanos - atNanos;
        if (elapsedNanos < LEAST.toNanos()) {
            return new Watched(name, next, share, counts, atNanos);
        }
        double perSecond = (now.sentBytes() - counts.sentBytes()) * 1e9 / elapsedNanos;
        return new Watched(name, next, share.next(limit, now.established(), perSecond), now, nowNanos);
    }

    boolean isLimited() {
        return share != null;
    }
}
