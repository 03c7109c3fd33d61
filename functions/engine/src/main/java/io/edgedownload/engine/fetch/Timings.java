package io.edgedownload.engine.fetch;

/**
 * Where the time of one load went, in nanoseconds.
 *
 * @param dnsNanos to resolve the name
 * @param waitNanos to get a pooled connection; 0 when a new one was made
 * @param connectNanos to make a connection; 0 when a pooled one was used
 * @param tlsNanos for the TLS handshake on it; where that failed, with what was before it. 0 without TLS
 * @param firstByteNanos from sending the request to the answer's head
 * @param bodyNanos from the head to the last byte
 * @param verifyNanos to compute the digest
 */
public record Timings(
        long dnsNanos,
        long waitNanos,
        long connectNanos,
        long tlsNanos,
        long firstByteNanos,
        long bodyNanos,
        long verifyNanos) {
    public static final Timings NONE = new Timings(0, 0, 0, 0, 0, 0, 0);

    static Timings resolved(long nanos) {
        return new Timings(nanos, 0, 0, 0, 0, 0, 0);
    }

    Timings withWaitNanos(long nanos) {
        return new Timings(dnsNanos, nanos, connectNanos, tlsNanos, firstByteNanos, bodyNanos, verifyNanos);
    }

    Timings withConnectNanos(long nanos) {
        return new Timings(dnsNanos, waitNanos, nanos, tlsNanos, firstByteNanos, bodyNanos, verifyNanos);
    }

    Timings withTlsNanos(long nanos) {
        return new Timings(dnsNanos, waitNanos, connectNanos, nanos, firstByteNanos, bodyNanos, verifyNanos);
    }

    Timings withFirstByteNanos(long nanos) {
        return new Timings(dnsNanos, waitNanos, connectNanos, tlsNanos, nanos, bodyNanos, verifyNanos);
    }

    Timings withBodyNanos(long nanos) {
        return new Timings(dnsNanos, waitNanos, connectNanos, tlsNanos, firstByteNanos, nanos, verifyNanos);
    }

    public Timings withVerifyNanos(long nanos) {
        return new Timings(dnsNanos, waitNanos, connectNanos, tlsNanos, firstByteNanos, bodyNanos, nanos);
    }
}
