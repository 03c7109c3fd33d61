package io.edgedownload.bench;

import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.Fsync;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loading;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.engine.cache.Trouble;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A cache on disk alone, without room in memory, whose chunks have known bytes; for two processes, one of which is killed. */
final class KillableChunks implements AutoCloseable {
    static final int CHUNK_BYTES = 64 << 10;

    /** Of some hundred chunks, so that writing them deletes others. */
    private static final long ROOM_BYTES = 16 << 20;

    private static final long QUEUE_BYTES = 8 * CHUNK_BYTES;
    private static final int PATIENCE_SECONDS = 60;
    private static final DownloadId ID = new DownloadId("killed");

    private final SystemTimer timer = new SystemTimer();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SsdTier tier;
    private final ChunkCache cache;

    /** Returns when the files that are there are known. */
    KillableChunks(Path folder) throws IOException, InterruptedException {
        CompletableFuture<Long> indexed = new CompletableFuture<>();
        SsdTier.Settings settings = new SsdTier.Settings(folder, ROOM_BYTES, 0, Fsync.NEVER, QUEUE_BYTES, 1, 0);
        this.tier = new SsdTier(settings, threads, timer, Ticker.system(), new Told(indexed));
        this.cache = new ChunkCache(new ChunkCache.Limits(0, ROOM_BYTES, Duration.ofSeconds(1)), tier, threads);
        tier.start();
        try {
            indexed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            close();
            throw new IOException("the folder cannot be used", failed);
        }
    }

    /** The chunks of a life are those of no other. */
    static ChunkKey key(int life, long index) {
        return new ChunkKey(ID, "g" + life, index, CHUNK_BYTES);
    }

    static byte[] bytes(ChunkKey key) {
        byte[] bytes = new byte[CHUNK_BYTES];
        new Random(key.hashCode()).nextBytes(bytes);
        return bytes;
    }

    /** The chunk from disk, or by the load. */
    Obtained obtain(ChunkKey key, Loading loading) throws IOException, InterruptedException {
        try {
            return cache.obtain(
                            key,
                            CHUNK_BYTES,
                            loading,
                            Deadline.after(Duration.ofSeconds(PATIENCE_SECONDS), Ticker.system()))
                    .get();
        } catch (ExecutionException failed) {
            throw new IOException(failed);
        }
    }

    /** Whether as many chunks wait to be written as may. */
    boolean isBusy() {
        return tier.statistics().queuedBytes() > QUEUE_BYTES - CHUNK_BYTES;
    }

    long written() {
        return tier.statistics().written();
    }

    /** Files with other bytes than were written. */
    long bad() {
        return tier.statistics().bad();
    }

    @Override
    public void close() {
        tier.close();
        threads.close();
        timer.close();
    }

    /** A load, of which there may be none. */
    record Load(Loaded brings) implements Loading {
        @Override
        public Loaded load() {
            return brings;
        }

        @Override
        public boolean goesFurtherThan(Loading failed, Failure failure) {
            return false;
        }
    }

    private record Told(CompletableFuture<Long> indexed) implements SsdTier.Listener {
        @Override
        public void usable(Path directory, long chunks) {
            indexed.complete(chunks);
        }

        @Override
        public void unusable(Path directory, Trouble trouble, String detail) {
            indexed.completeExceptionally(new IOException(detail));
        }

        @Override
        public void bad(String file, String reason) {}
    }
}
