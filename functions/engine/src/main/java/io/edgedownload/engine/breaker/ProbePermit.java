package io.edgedownload.engine.breaker;

import io.edgedownload.engine.breaker.BreakerChanged.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/** The permit of one probe of a breaker that is half-open. */
final class ProbePermit implements Permit {
    private final Breaker breaker;
    private final long epoch;
    private final AtomicBoolean reported = new AtomicBoolean();

    /** @param epoch of the half-open state that the probe belongs to */
    ProbePermit(Breaker breaker, long epoch) {
        this.breaker = breaker;
        this.epoch = epoch;
    }

    @Override
    public Status status() {
        return Status.HALF_OPEN;
    }

    @Override
    public void succeeded(long durationNanos) {
        if (reported.compareAndSet(false, true)) {
            breaker.probeSucceeded(epoch, durationNanos);
        }
    }

    @Override
    public void failed(long durationNanos) {
        if (reported.compareAndSet(false, true)) {
            breaker.probeFailed(epoch);
        }
    }

    @Override
    public void abandoned() {
        if (reported.compareAndSet(false, true)) {
            breaker.probeAbandoned(epoch);
        }
    }
}
