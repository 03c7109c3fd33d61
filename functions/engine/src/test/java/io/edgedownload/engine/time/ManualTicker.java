package io.edgedownload.engine.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when a test moves it. */
public final class ManualTicker implements Ticker {
    private final AtomicLong nanos;

    public ManualTicker() {
        this(1_000);
    }

    /** @param startNanos what it says first */
    public ManualTicker(long startNanos) {
        nanos = new AtomicLong(startNanos);
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
