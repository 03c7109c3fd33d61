package io.edgedownload.edge;

import java.time.Duration;

/** Limits what this instance sends in a second, for those who have a reason to. */
interface EgressLimits {
    /**
     * Sets or renews the limit of one source; the lowest of all holds.
     *
     * @param bytesPerSecond at least 1
     * @param holds how long from now, unless it is renewed
     */
    void set(String source, long bytesPerSecond, Duration holds);

    /** Lifts the limit of that source. */
    void lift(String source);
}
