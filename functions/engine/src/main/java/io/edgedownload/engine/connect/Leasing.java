package io.edgedownload.engine.connect;

import java.net.InetAddress;

/** What came of asking for a connection. Reasons are for the log. */
public sealed interface Leasing {
    record Leased(Lease lease) implements Leasing {}

    /** None of the host's addresses may be connected to. */
    record Forbidden(InetAddress address) implements Leasing {}

    record Unreachable(String reason) implements Leasing {}

    /** The TLS handshake failed or the certificate is not the host's. */
    record TlsFailed(String reason) implements Leasing {}

    record TimedOut(Step step) implements Leasing {}

    /** What takes time on the way to a connection. */
    enum Step {
        /** For a place among the connections to the origin. */
        WAIT,
        CONNECT,
        TLS
    }

    /** The tenant has its whole share of the origin's connections in use. */
    record ShareUsedUp() implements Leasing {}

    /** All connections are in use and so are the places in the queue for them. */
    record Exhausted() implements Leasing {}
}
