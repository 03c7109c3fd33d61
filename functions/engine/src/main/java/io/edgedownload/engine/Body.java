package io.edgedownload.engine;

import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a range, chunk after chunk. A few chunks are asked for ahead of the reader, and none beyond them until it takes
 * the next: a slow reader makes the fill wait. For one thread at a time, as an event loop is.
 */
public final class Body implements AutoCloseable {
    private final Manifest manifest;
    private final ByteRange range;
    private final int chunksAhead;
    private final Chunks chunks;
    private final Queue<Wanted> wanted = new ArrayDeque<>();
    private long nextIndex;

    /** Asks for a chunk. */
    @FunctionalInterface
    interface Chunks {
        CompletableFuture<Obtained> obtain(long index);
    }

    private record Wanted(long index, CompletableFuture<Obtained> asked) {}

    /** @param chunksAhead how many chunks may be asked for and not yet taken, at least 1 */
    Body(Manifest manifest, ByteRange range, int chunksAhead, Chunks chunks) {
        this.manifest = manifest;
        this.range = range;
        this.chunksAhead = chunksAhead;
        this.chunks = chunks;
        this.nextIndex = manifest.chunkAt(range.first());
    }

    public ByteRange range() {
        return range;
    }

    /** The next piece, or null when all were taken. */
    public @Nullable CompletableFuture<Piece> next() {
        while (wanted.size() < chunksAhead && nextIndex <= manifest.chunkAt(range.last())) {
            wanted.add(new Wanted(nextIndex, chunks.obtain(nextIndex)));
            nextIndex++;
        }
        Wanted next = wanted.poll();
        return next == null ? null : next.asked().thenApply(obtained -> piece(next.index(), obtained));
    }

    /** Leaves the chunks that were asked for and not taken; their loads go on for others. */
    @Override
    public void close() {
        Obtained left = new Obtained.Unavailable(Failure.of(Kind.UNREACHABLE, "the client has left"));
        for (Wanted each = wanted.poll(); each != null; each = wanted.poll()) {
            if (!each.asked().complete(left) && each.asked().join() instanceof Obtained.Held held) {
                held.chunk().release();
            }
        }
        nextIndex = Long.MAX_VALUE;
    }

    private Piece piece(long index, Obtained obtained) {
        return switch (obtained) {
            case Obtained.Held(VerifiedChunk chunk, Obtained.Way way) -> slice(index, chunk, way);
            case Obtained.Unavailable(Failure failure) -> new Piece.Missing(failure);
        };
    }

    private Piece.Slice slice(long index, VerifiedChunk chunk, Obtained.Way way) {
        ByteRange whole = manifest.chunk(index);
        long first = Math.max(range.first(), whole.first());
        long last = Math.min(range.last(), whole.last());
        return new Piece.Slice(chunk, (int) (first - whole.first()), (int) (last - first + 1), way);
    }
}
