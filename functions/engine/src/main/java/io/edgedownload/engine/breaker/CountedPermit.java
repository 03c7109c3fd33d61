package io.edgedownload.engine.breaker;

import io.edgedownload.engine.breaker.BreakerChanged.Status;

/**
 * The permit of all requests that are admitted while the breaker is closed; it has nothing of its own.
 *
 * @param epoch of the closed state
 */
record CountedPermit(Breaker breaker, long epoch) implements Permit {
    @Override
    public Status status() {
        return Status.CLOSED;
    }

    @Override
    public void succeeded(long durationNanos) {
        breaker.count(epoch, false, durationNanos);
    }

    @Override
    public void failed(long durationNanos) {
        breaker.count(epoch, true, durationNanos);
    }

    @Override
    public void abandoned() {}
}
