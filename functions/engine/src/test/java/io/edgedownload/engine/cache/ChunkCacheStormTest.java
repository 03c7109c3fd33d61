package io.edgedownload.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, no memory is lost and no caller hangs. */
final class ChunkCacheStormTest {
    private static final int CHUNK = 64 << 10;
    private static final int SMALL = 16;
    private static final int OPERATIONS = 3_000;
    private static final int CALLERS = 3;
    private static final long[] DEADLINES_MILLIS = {0, 2, 20_000};
    private static final Obtained LEFT = new Obtained.Unavailable(Failure.of(Kind.UNREACHABLE, "left"));
    private static final DownloadId ID = new DownloadId("file");

    private final CountedChunks chunks = new CountedChunks();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void leavesNothingBehind(long seed) throws Exception {
        ExecutorService loads = Executors.newVirtualThreadPerTaskExecutor();
        ChunkCache cache =
                new ChunkCache(new ChunkCache.Limits(8 * CHUNK, 6 * CHUNK, Duration.ofMillis(5)), null, loads);
        try (loads;
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> storms = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(seed * 31 + caller);
                storms.add(callers.submit(() -> storm(cache, random)));
            }
            for (Future<?> storm : storms) {
                storm.get(60, TimeUnit.SECONDS);
            }
        }
        cache.evict(ID);
        assertEquals(0, cache.inFlightBytes());
        assertEquals(0, cache.cachedBytes());
        assertEquals(0, chunks.alive());
        assertTrue(chunks.made() > 0, "nothing was loaded");
    }

    @Test
    void callersWhoComeJustWhenALoadEndsDoNotLoadAgain() throws Exception {
        int keys = 3_000;
        ExecutorService loads = Executors.newVirtualThreadPerTaskExecutor();
        ChunkCache cache = new ChunkCache(
                new ChunkCache.Limits(2L * keys * SMALL, 64 * CHUNK, Duration.ofSeconds(20)), null, loads);
        Loading loading = new ScriptedLoad(() -> chunks.ready(SMALL));
        try (loads;
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                running.add(callers.submit(() -> {
                    for (int index = 0; index < keys; index++) {
                        ChunkKey key = new ChunkKey(ID, "g1", index, CHUNK);
                        Deadline deadline = Deadline.after(Duration.ofSeconds(20), Ticker.system());
                        if (cache.obtain(key, SMALL, loading, deadline).join() instanceof Obtained.Held held) {
                            held.chunk().release();
                        }
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
        assertEquals(keys, chunks.made());
        assertEquals(keys, cache.evict(ID));
        assertEquals(0, chunks.alive());
    }

    private void storm(ChunkCache cache, Random random) {
        List<CompletableFuture<?>> endings = new ArrayList<>();
        for (int operation = 0; operation < OPERATIONS; operation++) {
            ChunkKey key = new ChunkKey(ID, "g1", random.nextInt(24), CHUNK);
            if (random.nextInt(50) == 0) {
                cache.evict(ID);
            } else if (random.nextInt(4) == 0) {
                VerifiedChunk hit = cache.hit(key);
                if (hit != null) {
                    hit.release();
                }
            } else {
                endings.add(ask(cache, key, random));
            }
        }
        CompletableFuture.allOf(endings.toArray(CompletableFuture<?>[]::new))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** Ends when the caller has got an answer, or has left. */
    private CompletableFuture<?> ask(ChunkCache cache, ChunkKey key, Random random) {
        Deadline deadline = Deadline.after(Duration.ofMillis(DEADLINES_MILLIS[random.nextInt(3)]), Ticker.system());
        Loading loading = loading(random.nextInt(3), random.nextInt(10));
        CompletableFuture<Obtained> asked = random.nextBoolean()
                ? cache.obtain(key, CHUNK, loading, deadline)
                : cache.obtainNext(key, CHUNK, loading, deadline);
        if (random.nextInt(5) == 0 && asked.complete(LEFT)) {
            return asked;
        }
        return asked.thenAccept(obtained -> {
            if (obtained instanceof Obtained.Held held) {
                held.chunk().release();
            }
        });
    }

    private Loading loading(int reach, int fate) {
        return new ScriptedLoad(reach, () -> {
            Thread.onSpinWait();
            return switch (fate) {
                case 0 -> new Loaded.Unavailable(Failure.of(Kind.SERVER_ERROR, "status 500"));
                case 1 -> throw new IllegalStateException("broken");
                default -> chunks.ready(CHUNK);
            };
        });
    }
}
