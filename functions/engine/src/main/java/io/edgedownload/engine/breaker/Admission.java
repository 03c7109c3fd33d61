package io.edgedownload.engine.breaker;

import java.time.Duration;

/** Whether a request may go out to the origin. */
public sealed interface Admission {
    /** It may. Exactly one of the permit's outcomes is to be reported. */
    record Admitted(Permit permit) implements Admission {}

    /**
     * It may not.
     *
     * @param untilHalfOpen how long from now until the breaker admits probes; while all probes are under way, until they must
     *     have decided. More than zero; for Retry-After
     * @param reason why it is open
     */
    record Rejected(Duration untilHalfOpen, Reason reason) implements Admission {}
}
