package io.edgedownload.engine.fetch;

import java.util.Locale;

/** A step of an attempt, by the name that its failures and timeouts go by in errors, Server-Timing and telemetry. */
public enum Layer {
    /** Resolving the name. */
    DNS,
    /** Waiting for a place among the connections to the origin. */
    WAIT,
    CONNECT,
    TLS,
    /** From sending the request to the answer's head. */
    FIRST_BYTE,
    /** From the head to the last byte. */
    BODY,
    /** The body, when it comes more slowly than it must. */
    PROGRESS,
    VERIFY;

    /** Such as {@code first-byte}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
