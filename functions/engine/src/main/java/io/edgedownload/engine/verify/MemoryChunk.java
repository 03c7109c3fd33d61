package io.edgedownload.engine.verify;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;

/** A chunk in direct memory. */
public final class MemoryChunk implements VerifiedChunk {
    private final ByteBuf bytes;
    private final byte[] sha256;
    private final long verifiedAtNanos;
    private final References references;

    /** @param bytes in direct memory; taken over */
    MemoryChunk(ByteBuf bytes, byte[] sha256, long verifiedAtNanos) {
        this.bytes = bytes;
        this.sha256 = sha256;
        this.verifiedAtNanos = verifiedAtNanos;
        this.references = new References(bytes::release);
    }

    @Override
    public int lengthBytes() {
        return bytes.readableBytes();
    }

    @Override
    public byte[] sha256() {
        return sha256.clone();
    }

    @Override
    public long verifiedAtNanos() {
        return verifiedAtNanos;
    }

    @Override
    public void whenFreed(Runnable action) {
        references.whenFreed(action);
    }

    @Override
    public boolean retain() {
        return references.retain();
    }

    @Override
    public void release() {
        references.release();
    }

    @Override
    public void update(MessageDigest digest, int offset, int lengthBytes) {
        digest.update(bytes.nioBuffer(bytes.readerIndex() + offset, lengthBytes));
    }

    /**
     * A view of some of its bytes, valid as long as the caller's reference.
     *
     * @param offset from the start of the chunk
     */
    public ByteBuf slice(int offset, int lengthBytes) {
        return bytes.slice(bytes.readerIndex() + offset, lengthBytes);
    }
}
