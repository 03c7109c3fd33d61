package io.edgedownload.engine.breaker;

import io.edgedownload.engine.breaker.BreakerChanged.Status;

/**
 * A request that may go out, and where its outcome is reported: one of the three, once. It belongs to the state in which it was
 * given; when the breaker has left that state, the outcome counts nowhere. Durations are response times: until the first byte
 * of the answer, because the time of a body says more about its length than about the origin.
 */
public sealed interface Permit permits CountedPermit, ProbePermit {
    /** The state in which it was given: closed or half-open. */
    Status status();

    /** The origin did what was asked of it; whether soon enough shows in its P95. */
    void succeeded(long durationNanos);

    void failed(long durationNanos);

    /** The request says nothing about the origin, because it was never sent or its caller left. */
    void abandoned();
}
