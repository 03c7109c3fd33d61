package io.edgedownload.edge;

import org.jboss.logging.Logger;

/**
 * Sees that the chunks fit into the process. They lie in direct memory, whose limit is that of the heap unless
 * {@code -XX:MaxDirectMemorySize} says otherwise: a cache that is larger would not fill up and evict but fail.
 */
final class CacheMemory {
    private static final Logger LOG = Logger.getLogger(CacheMemory.class);

    /** What sockets and buffers on their way need beside the chunks. */
    private static final long REST_BYTES = 32L << 20;

    private CacheMemory() {}

    /**
     * The bytes that the cache may hold.
     *
     * @param wantedBytes as configured
     * @param directBytes the limit of direct memory; none when it is not positive
     */
    static long fitting(long wantedBytes, long inFlightBytes, long directBytes) {
        if (directBytes <= 0 || wantedBytes + inFlightBytes + REST_BYTES <= directBytes) {
            return wantedBytes;
        }
        long fittingBytes = Math.max(0, directBytes - inFlightBytes - REST_BYTES);
        LOG.warnf(
                "edge.cache.memory.max-size is %d MiB, but with edge.fill.in-flight-max of %d MiB only %d MiB fit into the"
                        + " %d MiB of direct memory: the cache is kept to that. Start Java with a larger"
                        + " -XX:MaxDirectMemorySize, or set edge.cache.memory.max-size.",
                wantedBytes >> 20, inFlightBytes >> 20, fittingBytes >> 20, directBytes >> 20);
        return fittingBytes;
    }
}
