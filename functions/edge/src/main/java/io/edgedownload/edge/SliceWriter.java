package io.edgedownload.edge;

import io.edgedownload.engine.Piece;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Writes slices to one answer, each from where it lies: memory as it is, a file by the kernel, and a file through a little
 * memory where the kernel cannot send it. For the answer's event loop.
 */
final class SliceWriter {
    private static final Logger LOG = Logger.getLogger(SliceWriter.class);

    /** Of a file that may be in memory at once for one answer. */
    private static final int PART_BYTES = 128 << 10;

    private final Invocation invocation;
    private final HttpServerResponse response;
    private final WaitingThreads threads;
    private long sentFileBytes;

    SliceWriter(Invocation invocation, WaitingThreads threads) {
        this.invocation = invocation;
        this.response = invocation.response();
        this.threads = threads;
    }

    /**
     * Writes the slice, and releases it when that is done.
     *
     * @return ends when it is written, or has failed: then the answer cannot be whole
     */
    Future<Void> write(Piece.Slice slice) {
        return switch (slice.chunk()) {
            case MemoryChunk chunk -> response.write(view(slice, chunk)).onComplete(done -> slice.release());
            case FileChunk chunk
            when Sendfile.reaches(invocation.request()) ->
                Sendfile.send(invocation.request(), slice, chunk)
                        .onSuccess(sent -> sentFileBytes += slice.lengthBytes());
            case FileChunk chunk -> {
                Promise<Void> copied = Promise.promise();
                copy(slice, chunk, 0, copied);
                yield copied.future().onComplete(done -> slice.release());
            }
        };
    }

    /** Writes the slice as the whole body, or all that is left of it. */
    Future<Void> end(Piece.Slice slice) {
        return switch (slice.chunk()) {
            case MemoryChunk chunk -> response.end(view(slice, chunk)).onComplete(done -> slice.release());
            case FileChunk chunk
            when Sendfile.reaches(invocation.request()) -> {
                // The end is queued behind the file, and never written when that fails.
                Sendfile.send(invocation.request(), slice, chunk);
                yield response.end();
            }
            case FileChunk chunk -> write(slice).compose(written -> response.end());
        };
    }

    /** Bytes of the answer that the kernel has taken, as far as they are not in {@link Sockets#sentBytes}. */
    long sentFileBytes() {
        return sentFileBytes;
    }

    // Deprecated for Vert.x 5, where it is internal; here it is what keeps the chunk from being copied.
    @SuppressWarnings("deprecation")
    private static Buffer view(Piece.Slice slice, MemoryChunk chunk) {
        return Buffer.buffer(chunk.slice(slice.offset(), slice.lengthBytes()));
    }

    /** One part after the other: the next is read when the one before is written, so a slow client makes the disk wait. */
    @SuppressWarnings("deprecation") // as above
    private void copy(Piece.Slice slice, FileChunk chunk, int doneBytes, Promise<Void> copied) {
        if (doneBytes == slice.lengthBytes()) {
            copied.complete();
            return;
        }
        int partBytes = Math.min(PART_BYTES, slice.lengthBytes() - doneBytes);
        var _ = CompletableFuture.supplyAsync(() -> read(chunk, slice.offset() + doneBytes, partBytes), threads)
                .whenComplete((part, failure) -> invocation.onEventLoop(() -> {
                    if (failure != null) {
                        LOG.errorf("a chunk's file cannot be read: %s", failure);
                        copied.fail(failure);
                    } else if (invocation.isOver()) {
                        part.release();
                        copied.fail("the client has left");
                    } else {
                        response.write(Buffer.buffer(part))
                                .onComplete(done -> part.release())
                                .onSuccess(written -> copy(slice, chunk, doneBytes + partBytes, copied))
                                .onFailure(copied::fail);
                    }
                }));
    }

    private static ByteBuf read(FileChunk chunk, int offset, int lengthBytes) {
        ByteBuf part = PooledByteBufAllocator.DEFAULT.directBuffer(lengthBytes, lengthBytes);
        try {
            chunk.read(part.nioBuffer(0, lengthBytes), offset);
            return part.writerIndex(lengthBytes);
        } catch (IOException e) {
            part.release();
            throw new UncheckedIOException(e);
        }
    }
}
