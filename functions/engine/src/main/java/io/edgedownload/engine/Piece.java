package io.edgedownload.engine;

import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.io.IOException;
import java.security.MessageDigest;

/** The next bytes of an answer, or why there are none. */
public sealed interface Piece {
    /**
     * Bytes of one chunk, valid until it is released; whoever takes the slice releases it once they are written.
     *
     * @param offset from the start of the chunk
     */
    record Slice(VerifiedChunk chunk, int offset, int lengthBytes, Obtained.Way way) implements Piece {
        /** Adds the bytes to a digest. May block. */
        public void update(MessageDigest digest) throws IOException {
            chunk.update(digest, offset, lengthBytes);
        }

        public void release() {
            chunk.release();
        }
    }

    record Missing(Failure failure) implements Piece {}
}
