package io.edgedownload.edge;

import io.edgedownload.engine.Piece;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    private final Pacer pacer;
    private @Nullable Waiting waiting;
    private boolean waitedForTurn;
    private long sentFileBytes;

    /** A slice whose next part may not be written yet. */
    private record Waiting(Pacer.Turn turn, Promise<Void> written) {}

    SliceWriter(Invocation invocation, WaitingThreads threads, Pacer pacer) {
        this.invocation = invocation;
        this.response = invocation.response();
        this.threads = threads;
        this.pacer = pacer;
    }

    /**
     * Writes the slice, and releases it when that is done.
     *
     * @return ends when the bytes are written, or has failed: then the answer cannot be whole
     */
    Future<Void> write(Piece.Slice slice) {
        return switch (slice.chunk()) {
            case MemoryChunk chunk -> response.write(view(slice, chunk)).onComplete(done -> free(done, slice::release));
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

    /** As {@link #write}, in parts: each when the pacer grants the connection a turn, and the one before is written. */
    Future<Void> pace(Piece.Slice slice) {
        Promise<Void> written = Promise.promise();
        pace(slice, 0, written);
        return written.future().onComplete(done -> slice.release());
    }

    private void pace(Piece.Slice slice, int doneBytes, Promise<Void> written) {
        if (doneBytes == slice.lengthBytes()) {
            written.complete();
            return;
        }
        int partBytes = Math.min(Pacer.TURN_BYTES, slice.lengthBytes() - doneBytes);
        waitedForTurn = true;
        Pacer.Turn turn = pacer.ask(
                invocation.request().connection(),
                partBytes,
                () -> invocation.context().runOnContext(granted -> writePart(slice, doneBytes, partBytes, written)));
        waiting = new Waiting(turn, written);
    }

    private void writePart(Piece.Slice slice, int doneBytes, int partBytes, Promise<Void> written) {
        if (waiting == null) {
            // It was let go when the turn was on its way.
            return;
        }
        waiting = null;
        if (invocation.isOver() || !slice.chunk().retain()) {
            written.fail("the client has left");
            return;
        }
        write(new Piece.Slice(slice.chunk(), slice.offset() + doneBytes, partBytes, slice.way()))
                .onSuccess(done -> pace(slice, doneBytes + partBytes, written))
                .onFailure(written::fail);
    }

    /** Lets go of the turn that is waited for: there is nobody to write for any more. */
    void leave() {
        if (waiting != null) {
            Waiting left = waiting;
            waiting = null;
            pacer.cancel(left.turn());
            left.written().tryFail("the client has left");
        }
    }

    /** Whether a turn was waited for since this was asked last. */
    boolean waitedForTurn() {
        boolean waited = waitedForTurn;
        waitedForTurn = waiting != null;
        return waited;
    }

    /** Whether the slice and the end of the body can be written by one call. */
    boolean canEnd(Piece.Slice slice) {
        return slice.chunk() instanceof MemoryChunk || Sendfile.reaches(invocation.request());
    }

    /** Writes the slice as the whole body, and releases it when that is done. To be asked for by {@link #canEnd} first. */
    Future<Void> end(Piece.Slice slice) {
        return switch (slice.chunk()) {
            case MemoryChunk chunk -> response.end(view(slice, chunk)).onComplete(done -> free(done, slice::release));
            case FileChunk chunk -> {
                // The end is queued behind the file, and never written when that fails.
                Sendfile.send(invocation.request(), slice, chunk);
                yield response.end();
            }
        };
    }

    /**
     * Frees what a write was made of. Over HTTP/2 a write fails as soon as its stream is reset, while frames of it may still wait
     * in the connection: they would then carry what the memory is used for next.
     */
    private void free(AsyncResult<Void> written, Runnable release) {
        if (written.failed()) {
            Sockets.afterUnsent(invocation.request(), release);
        } else {
            release.run();
        }
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
                                .onComplete(done -> free(done, part::release))
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
