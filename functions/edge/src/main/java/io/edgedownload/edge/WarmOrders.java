package io.edgedownload.edge;

import io.edgedownload.engine.FetchAhead;
import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.HotChunk;
import io.edgedownload.engine.cache.HotSet;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.fleet.v1.Chunk;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fetches ahead what a coordinator orders. A later order takes the place of an earlier one, done or not. */
final class WarmOrders {
    private final FetchAhead ahead;
    private final Executor executor;
    private final AtomicReference<@Nullable List<Chunk>> wanted = new AtomicReference<>();
    private final AtomicBoolean running = new AtomicBoolean();

    WarmOrders(FetchAhead ahead, Executor executor) {
        this.ahead = ahead;
        this.executor = executor;
    }

    /** Never blocks. */
    void warm(List<Chunk> chunks) {
        wanted.set(chunks);
        if (running.compareAndSet(false, true)) {
            executor.execute(this::run);
        }
    }

    /** How many chunks it has brought since the start. */
    long fetched() {
        return ahead.fetched();
    }

    private void run() {
        try {
            for (List<Chunk> chunks = wanted.getAndSet(null); chunks != null; chunks = wanted.getAndSet(null)) {
                fetch(chunks);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.set(false);
        }
        // One that was ordered after the last look, whose caller saw this still running.
        if (wanted.get() != null && running.compareAndSet(false, true)) {
            executor.execute(this::run);
        }
    }

    private void fetch(List<Chunk> chunks) throws InterruptedException {
        for (Chunk chunk : chunks) {
            Optional<HotChunk> hot = hot(chunk);
            if (wanted.get() != null || (hot.isPresent() && !ahead.order(new HotSet(List.of(hot.get()))))) {
                return;
            }
        }
    }

    /** Empty for what is none; the manifest says later whether it exists. */
    private static Optional<HotChunk> hot(Chunk chunk) {
        try {
            return Optional.of(new HotChunk(
                    new ChunkKey(
                            new DownloadId(chunk.getId()),
                            chunk.getGeneration(),
                            chunk.getIndex(),
                            chunk.getSizeBytes()),
                    chunk.getLengthBytes(),
                    chunk.getScore()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
