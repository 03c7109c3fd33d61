package io.edgedownload.engine.verify;

import java.io.IOException;
import java.security.MessageDigest;

/**
 * The bytes of one chunk, whole and checked, where they lie: they go to a socket from there without a copy. References are
 * counted, as in Netty: the cache holds one, and so does each answer that is being written; the last one to let go frees the
 * memory or closes the file.
 */
public sealed interface VerifiedChunk permits MemoryChunk, FileChunk {
    int lengthBytes();

    /** The SHA-256 digest of all its bytes; 32 octets. */
    byte[] sha256();

    /** When its digest was last computed, in the ticker's time. */
    long verifiedAtNanos();

    /** Has {@code action} run when the chunk is freed. To be called before it is shared. */
    void whenFreed(Runnable action);

    /** Takes a reference, or false when the chunk was freed: then it must not be touched. */
    boolean retain();

    /** Gives a reference back. */
    void release();

    /**
     * Adds some of its bytes to a digest. May block.
     *
     * @param offset from the start of the chunk
     * @throws IOException when they lie in a file and cannot be read from there any more
     */
    void update(MessageDigest digest, int offset, int lengthBytes) throws IOException;
}
