package io.edgedownload.engine.breaker;

import java.time.Duration;

/** Why a breaker changed its state. */
public sealed interface Reason {
    /** Too many of the window's requests failed, for too long. */
    record LowSuccess(long requests, long failed) implements Reason {}

    /**
     * The window's requests were answered too late, for too long.
     *
     * @param p95 within 2 %; whether it is over the limit was counted exactly
     */
    record HighP95(long requests, Duration p95) implements Reason {}

    record ProbeFailed() implements Reason {}

    /**
     * A probe was answered too late, or its outcome was never reported.
     *
     * @param duration it took, or has taken so far
     */
    record ProbeSlow(Duration duration) implements Reason {}

    /** Others have found the origin sick; whether it is so from here too, a few probes decide. */
    record Suspected() implements Reason {}

    /** It has been open for as long as it should. */
    record OpenLongEnough() implements Reason {}

    /** All probes were answered well and in time. */
    record ProbesSucceeded() implements Reason {}
}
