package io.edgedownload.edge;

import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The limits that are set now, of which the lowest holds, each until it is lifted or its time is over. Any thread; nothing blocks. */
final class EgressLimit implements EgressLimits {
    /** Sources are names in this code, so there are a few. */
    static final int MOST_SOURCES = 16;

    /** A century and more overflows the clock; nobody means to limit for longer than this. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Pacer pacer;
    private final Timer timer;
    private final Ticker ticker;

    private final Lock lock = new ReentrantLock();
    // By the lock:
    private final Map<String, Limit> limits = new HashMap<>();
    private Timer.@Nullable Alarm alarm;
    private OptionalLong lowest = OptionalLong.empty();

    private record Limit(long bytesPerSecond, long untilNanos) {}

    EgressLimit(Pacer pacer, Timer timer, Ticker ticker) {
        this.pacer = pacer;
        this.timer = timer;
        this.ticker = ticker;
    }

    @Override
    public void set(String source, long bytesPerSecond, Duration holds) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a limit of " + bytesPerSecond + " bytes a second");
        }
        Duration bounded = holds.compareTo(LONGEST) > 0 ? LONGEST : holds;
        change(() -> {
            if (!limits.containsKey(source) && limits.size() == MOST_SOURCES) {
                throw new IllegalStateException("more than " + MOST_SOURCES + " set limits");
            }
            limits.put(source, new Limit(bytesPerSecond, ticker.nanos() + bounded.toNanos()));
        });
    }

    @Override
    public void lift(String source) {
        change(() -> limits.remove(source));
    }

    /** What may be sent in a second now; empty without a limit. */
    OptionalLong bytesPerSecond() {
        lock.lock();
        try {
            return lowest;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            apply();
        } finally {
            lock.unlock();
        }
    }

    private void apply() {
        long nowNanos = ticker.nanos();
        limits.values().removeIf(limit -> nowNanos - limit.untilNanos() >= 0);
        OptionalLong now =
                limits.values().stream().mapToLong(Limit::bytesPerSecond).min();
        if (!now.equals(lowest)) {
            lowest = now;
            pacer.limit(now);
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        OptionalLong leftNanos = limits.values().stream()
                .mapToLong(limit -> limit.untilNanos() - nowNanos)
                .min();
        if (leftNanos.isPresent()) {
            alarm = timer.after(Duration.ofNanos(leftNanos.getAsLong()), () -> change(() -> {}));
        }
    }
}
