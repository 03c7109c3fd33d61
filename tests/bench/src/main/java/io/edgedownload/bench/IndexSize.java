package io.edgedownload.bench;

import io.edgedownload.engine.cache.Fsync;
import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.engine.cache.Trouble;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the index of the chunks on disk takes of the heap. */
final class IndexSize {
    private static final long PATIENCE_SECONDS = 60;
    private static final long ROOM_BYTES = 1L << 40;
    private static final int COLLECTIONS = 4;

    private IndexSize() {}

    /** Bytes a chunk, of the folder's so many. */
    static double measure(Path folder, int chunks) throws IOException, InterruptedException {
        try (SystemTimer timer = new SystemTimer();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Long> indexed = new CompletableFuture<>();
            SsdTier.Settings settings = new SsdTier.Settings(folder, ROOM_BYTES, 0, Fsync.NEVER, 0, 1, 0);
            try (SsdTier tier = new SsdTier(settings, threads, timer, Ticker.system(), new Told(indexed))) {
                long before = usedBytes();
                tier.start();
                long found = indexed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (found != chunks) {
                    throw new IOException(found + " of " + chunks + " chunks were found");
                }
                return (double) (usedBytes() - before) / chunks;
            }
        } catch (ExecutionException | TimeoutException failed) {
            throw new IOException("the chunks were not found", failed);
        }
    }

    private static long usedBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        for (int collection = 0; collection < COLLECTIONS; collection++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Waits for the end of the scan. */
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
