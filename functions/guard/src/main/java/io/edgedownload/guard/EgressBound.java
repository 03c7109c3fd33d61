package io.edgedownload.guard;

import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a control group that surges may send: our own limit, or what a coordinator orders if that is lower. For any thread. */
final class EgressBound {
    private final long ownBytesPerSecond;
    private final Ticker ticker;
    private final AtomicReference<@Nullable Order> order = new AtomicReference<>();

    private record Order(long bytesPerSecond, long untilNanos) {}

    /** @param ownBytesPerSecond at least 1 */
    EgressBound(long ownBytesPerSecond, Ticker ticker) {
        this.ownBytesPerSecond = ownBytesPerSecond;
        this.ticker = ticker;
    }

    long own() {
        return ownBytesPerSecond;
    }

    /** In bytes a second. */
    long now() {
        Order held = order.get();
        return held == null || ticker.nanos() - held.untilNanos() >= 0
                ? ownBytesPerSecond
                : Math.min(ownBytesPerSecond, held.bytesPerSecond());
    }

    /**
     * @param bytesPerSecond at least 1
     * @param holds from now; then it ends by itself
     */
    void order(long bytesPerSecond, Duration holds) {
        order.set(new Order(Math.max(1, bytesPerSecond), ticker.nanos() + holds.toNanos()));
    }

    void lift() {
        order.set(null);
    }
}
