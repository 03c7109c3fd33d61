package io.edgedownload.engine;

import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.netty.buffer.ByteBuf;

/** The next bytes of an answer, or why there are none. */
public sealed interface Piece {
    /**
     * Bytes of one chunk, valid until it is released; whoever takes the slice releases it once they are written.
     *
     * @param offset from the start of the chunk
     */
    record Slice(VerifiedChunk chunk, int offset, int lengthBytes, Obtained.Way way) implements Piece {
        public ByteBuf bytes() {
            return chunk.slice(offset, lengthBytes);
        }

        public void release() {
            chunk.release();
        }
    }

    record Missing(Failure failure) implements Piece {}
}
