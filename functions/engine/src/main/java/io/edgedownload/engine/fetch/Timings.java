package io.edgedownload.engine.fetch;

/**
 * Where the time of one load went, in nanoseconds.
 *
 * @param dnsNanos to resolve the name
 * @param connectNanos to get a connection, pooled or new
 * @param firstByteNanos from sending the request to the answer's head
 * @param bodyNanos from the head to the last byte
 * @param verifyNanos to compute the digest
 */
public record Timings(long dnsNanos, long connectNanos, long firstByteNanos, long bodyNanos, long verifyNanos) {
    public static final Timings NONE = new Timings(0, 0, 0, 0, 0);

    public Timings withVerifyNanos(long nanos) {
        return new Timings(dnsNanos, connectNanos, firstByteNanos, bodyNanos, nanos);
    }
}
