package io.edgedownload.engine.verify;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of one chunk, whole and checked, in direct memory: they go to a socket from there without a copy. References are
 * counted, as in Netty: the cache holds one, and so does each answer that is being written; the last one to let go frees the
 * memory.
 */
public final class VerifiedChunk {
    private final ByteBuf bytes;
    private final byte[] sha256;
    private final long verifiedAtNanos;
    private final AtomicInteger references = new AtomicInteger(1);
    private volatile Runnable onFreed = () -> {};

    VerifiedChunk(ByteBuf bytes, byte[] sha256, long verifiedAtNanos) {
        this.bytes = bytes;
        this.sha256 = sha256;
        this.verifiedAtNanos = verifiedAtNanos;
    }

    public int lengthBytes() {
        return bytes.readableBytes();
    }

    /** The SHA-256 digest of all its bytes; 32 octets. */
    public byte[] sha256() {
        return sha256.clone();
    }

    /** When its digest was computed, in the ticker's time. */
    public long verifiedAtNanos() {
        return verifiedAtNanos;
    }

    /** Has {@code action} run when the memory is freed. To be called before the chunk is shared. */
    public void whenFreed(Runnable action) {
        onFreed = action;
    }

    /** Takes a reference, or false when the memory was freed: then the chunk must not be touched. */
    public boolean retain() {
        for (; ; ) {
            int held = references.get();
            // Below zero after a release too many: the memory is gone all the same.
            if (held <= 0) {
                return false;
            }
            if (references.compareAndSet(held, held + 1)) {
                return true;
            }
        }
    }

    /** Gives a reference back. */
    public void release() {
        int held = references.decrementAndGet();
        if (held == 0) {
            bytes.release();
            onFreed.run();
        } else if (held < 0) {
            throw new IllegalStateException("a chunk was released more often than retained");
        }
    }

    /**
     * A view of some of its bytes, valid as long as the caller's reference.
     *
     * @param offset from the start of the chunk
     */
    public ByteBuf slice(int offset, int lengthBytes) {
        return bytes.slice(offset, lengthBytes);
    }
}
