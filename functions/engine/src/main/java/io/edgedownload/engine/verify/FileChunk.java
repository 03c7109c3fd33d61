package io.edgedownload.engine.verify;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/**
 * A chunk in an open file. The file may be unlinked meanwhile: an open one stays readable. Whoever changes or cuts it breaks the
 * promise of this type; a cut one is noticed when it is read or sent, and then known as such.
 */
public final class FileChunk implements VerifiedChunk {
    private static final int READ_BYTES = 64 << 10;

    private final FileChannel file;
    private final long position;
    private final int lengthBytes;
    private final byte[] sha256;
    private final long verifiedAtNanos;
    private final References references;
    private volatile boolean cut;

    /**
     * For a cache that wrote a verified chunk into the file, or computed the digest of what it found there. The one reference is
     * the caller's.
     *
     * @param file open for reading; taken over, to be closed with the last reference
     * @param position in the file, of the chunk's first byte
     * @param sha256 of the chunk's bytes; 32 octets
     * @param verifiedAtNanos when it was computed, in the ticker's time
     */
    public FileChunk(FileChannel file, long position, int lengthBytes, byte[] sha256, long verifiedAtNanos) {
        this.file = file;
        this.position = position;
        this.lengthBytes = lengthBytes;
        this.sha256 = sha256.clone();
        this.verifiedAtNanos = verifiedAtNanos;
        this.references = new References(this::close);
    }

    @Override
    public int lengthBytes() {
        return lengthBytes;
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
    public void update(MessageDigest digest, int offset, int lengthBytes) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(Math.min(lengthBytes, READ_BYTES));
        for (int done = 0; done < lengthBytes; done += part.limit()) {
            part.clear().limit(Math.min(part.capacity(), lengthBytes - done));
            read(part, offset + done);
            digest.update(part.flip());
        }
    }

    /**
     * Fills the buffer from its position to its limit. Blocks.
     *
     * @param offset from the start of the chunk
     * @throws EOFException when the file was cut
     */
    public void read(ByteBuffer into, int offset) throws IOException {
        for (long at = position(offset); into.hasRemaining(); ) {
            int readBytes = file.read(into, at);
            if (readBytes < 0) {
                cut = true;
                throw new EOFException("the file of a chunk ends after " + at + " bytes");
            }
            at += readBytes;
        }
    }

    /** Whether the file reaches to the end of the chunk, as it did when the chunk was made. */
    public boolean isWhole() throws IOException {
        if (file.size() < position(lengthBytes)) {
            cut = true;
        }
        return !cut;
    }

    /** Whether somebody found that the file ends too early: then it is for nobody else. */
    public boolean wasCut() {
        return cut;
    }

    /** The open file, valid as long as the caller's reference. Never to be closed or written to, and its position is nobody's. */
    public FileChannel file() {
        return file;
    }

    /**
     * Where in the file a byte of the chunk is.
     *
     * @param offset from the start of the chunk
     */
    public long position(int offset) {
        return position + offset;
    }

    private void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the file of a chunk", e);
        }
    }
}
