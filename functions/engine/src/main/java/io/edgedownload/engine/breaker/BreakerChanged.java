package io.edgedownload.engine.breaker;

/** A breaker has changed its state. */
public record BreakerChanged(String origin, Status from, Status to, Reason reason) {
    /** The state of a breaker, without what belongs to it. */
    public enum Status {
        CLOSED,
        OPEN,
        HALF_OPEN
    }
}
