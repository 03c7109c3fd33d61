package io.edgedownload.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.cache.Obtained.Way;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On one thread: a load waits in a queue until the test runs it. */
final class ChunkCacheTest {
    private static final int CHUNK = 64 << 10;
    private static final DownloadId ID = new DownloadId("file");
    private static final Loaded REFUSED = new Loaded.Unavailable(Failure.of(Kind.SERVER_ERROR, "status 500"));

    private final ManualTicker ticker = new ManualTicker();
    private final CountedChunks chunks = new CountedChunks();
    private final Queue<Runnable> loads = new ArrayDeque<>();
    private final ChunkCache cache =
            new ChunkCache(new ChunkCache.Limits(4 * CHUNK, 8 * CHUNK, Duration.ZERO), null, loads::add);
    private final Loading succeeding = new ScriptedLoad(() -> chunks.ready(CHUNK));

    @Test
    void manyCallersCostOneLoad() throws Exception {
        List<CompletableFuture<Obtained>> callers = new ArrayList<>();
        for (int caller = 0; caller < 100; caller++) {
            callers.add(obtain(0, succeeding));
        }
        assertEquals(1, loads.size());
        runLoad();
        assertEquals(1, chunks.made());
        for (int caller = 0; caller < 100; caller++) {
            Obtained.Held held = held(callers.get(caller));
            assertEquals(
                    caller > 0, assertInstanceOf(Way.Miss.class, held.way()).collapsed());
            held.chunk().release();
        }
        cache.evict(ID);
        assertNothingLeft();
    }

    @Test
    void whatWasLoadedIsAHitFromThenOn() throws Exception {
        load(0);
        Obtained.Held again = held(obtain(0, succeeding));
        assertEquals(new Way.Hit(), again.way());
        assertTrue(loads.isEmpty());
        again.chunk().release();
        assertEquals(CHUNK, cache.cachedBytes());
        assertEquals(0, cache.inFlightBytes());
    }

    @Test
    void aCallerThatLeavesEndsOnlyItsOwnWait() throws Exception {
        CompletableFuture<Obtained> leaver = obtain(0, succeeding);
        CompletableFuture<Obtained> stayer = obtain(0, succeeding);
        leaver.cancel(false);
        runLoad();
        held(stayer).chunk().release();
        assertNotNull(cachedThenReleased(0));
        cache.evict(ID);
        assertNothingLeft();
    }

    @Test
    void aLoadThatEveryCallerHasLeftStillFillsTheCache() {
        obtain(0, succeeding).complete(new Obtained.Unavailable(Failure.of(Kind.UNREACHABLE, "left")));
        runLoad();
        assertNotNull(cachedThenReleased(0));
        cache.evict(ID);
        assertNothingLeft();
    }

    @Test
    void eachCallerWaitsToItsOwnDeadlineWhileTheLoadGoesOn() throws Exception {
        CompletableFuture<Obtained> hurried =
                cache.obtain(key(0), CHUNK, succeeding, Deadline.after(Duration.ofMillis(1), ticker));
        CompletableFuture<Obtained> patient = obtain(0, succeeding);
        assertEquals(Kind.TIMEOUT, failure(hurried).kind());
        assertFalse(patient.isDone());
        runLoad();
        held(patient).chunk().release();
        cache.evict(ID);
        assertNothingLeft();
    }

    @Test
    void aJoinerWithMoreTimeTriesAgainWhenTheFirstOnesDeadlineEndedTheLoad() throws Exception {
        Loading slow = new ScriptedLoad(() -> {
            ticker.advance(Duration.ofSeconds(20));
            return new Loaded.Unavailable(Failure.of(Kind.TIMEOUT, "too slow"));
        });
        CompletableFuture<Obtained> first =
                cache.obtain(key(0), CHUNK, slow, Deadline.after(Duration.ofSeconds(10), ticker));
        CompletableFuture<Obtained> noLonger =
                cache.obtain(key(0), CHUNK, succeeding, Deadline.after(Duration.ofSeconds(15), ticker));
        CompletableFuture<Obtained> longer = obtain(0, succeeding);
        runLoad();
        assertEquals(Kind.TIMEOUT, failure(first).kind());
        assertEquals(Kind.TIMEOUT, failure(noLonger).kind());
        assertFalse(longer.isDone());
        runLoad();
        held(longer).chunk().release();
    }

    @Test
    void aJoinerThatMayGoFurtherTriesAgainAndOthersDoNot() throws Exception {
        Loading near = new ScriptedLoad(0, () -> REFUSED);
        Loading far = new ScriptedLoad(1, () -> chunks.ready(CHUNK));
        CompletableFuture<Obtained> first = obtain(0, near);
        CompletableFuture<Obtained> same = obtain(0, near);
        CompletableFuture<Obtained> further = obtain(0, far);
        runLoad();
        assertEquals(Kind.SERVER_ERROR, failure(first).kind());
        assertEquals(Kind.SERVER_ERROR, failure(same).kind());
        runLoad();
        held(further).chunk().release();
    }

    @Test
    void aFailureReachesAllAndIsNotKept() throws Exception {
        Loading failing = new ScriptedLoad(() -> REFUSED);
        CompletableFuture<Obtained> one = obtain(0, failing);
        CompletableFuture<Obtained> two = obtain(0, failing);
        runLoad();
        assertEquals(Kind.SERVER_ERROR, failure(one).kind());
        assertEquals(Kind.SERVER_ERROR, failure(two).kind());
        assertEquals(0, cache.inFlightBytes());
        CompletableFuture<Obtained> next = obtain(0, succeeding);
        runLoad();
        held(next).chunk().release();
    }

    @Test
    void aLoadThatThrowsEndsAsAFailure() throws Exception {
        CompletableFuture<Obtained> asked = obtain(0, new ScriptedLoad(() -> {
            throw new IllegalStateException("broken");
        }));
        runLoad();
        assertEquals(Kind.UNREACHABLE, failure(asked).kind());
        assertEquals(0, cache.inFlightBytes());
    }

    @Test
    void aLoadThatRunsOutOfMemoryEndsAsAFailureAndTheNextOneRuns() throws Exception {
        CompletableFuture<Obtained> asked = obtain(0, new ScriptedLoad(() -> {
            throw new OutOfMemoryError("direct memory");
        }));
        runLoad();
        assertEquals(Kind.UNREACHABLE, failure(asked).kind());
        assertEquals(0, cache.inFlightBytes());
        load(0);
    }

    @Test
    void anAnswerThatHasNotBegunIsRefusedWhenMemoryIsShort() throws Exception {
        VerifiedChunk[] holding = holdWholeBudget();
        CompletableFuture<Obtained> refused = obtain(20, succeeding);
        runLoad();
        assertEquals(Kind.OVERLOAD, failure(refused).kind());
        for (VerifiedChunk chunk : holding) {
            chunk.release();
        }
        load(20);
    }

    @Test
    void anAnswerThatHasBegunWaitsForMemory() throws Exception {
        VerifiedChunk[] holding = holdWholeBudget();
        CompletableFuture<Obtained> next =
                cache.obtainNext(key(20), CHUNK, succeeding, Deadline.after(Duration.ofMinutes(1), ticker));
        Thread waiting = Thread.ofVirtual().start(loads.remove());
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        for (VerifiedChunk chunk : holding) {
            chunk.release();
        }
        held(next).chunk().release();
    }

    @Test
    void evictingLeavesWhatReadersHold() throws Exception {
        CompletableFuture<Obtained> asked = obtain(0, succeeding);
        runLoad();
        MemoryChunk held = assertInstanceOf(MemoryChunk.class, held(asked).chunk());
        assertEquals(1, cache.evict(ID));
        assertNull(cache.hit(key(0)));
        assertEquals(CHUNK, cache.inFlightBytes(), "memory that a reader holds counts");
        assertEquals(CHUNK, held.slice(0, CHUNK).readableBytes());
        held.release();
        assertNothingLeft();
    }

    @Test
    void evictsOneDownloadOnly() throws Exception {
        load(0);
        assertEquals(0, cache.evict(new DownloadId("other")));
        assertNotNull(cachedThenReleased(0));
    }

    @Test
    void keepsNoMoreThanItMay() throws Exception {
        for (int index = 0; index < 20; index++) {
            load(index);
            assertTrue(cache.cachedBytes() <= 4 * CHUNK, () -> cache.cachedBytes() + " bytes");
        }
        assertEquals(cache.cachedBytes() / CHUNK, chunks.alive());
        assertEquals(0, cache.inFlightBytes());
    }

    @Test
    void aChunkLargerThanTheCacheIsDeliveredAndNotKept() throws Exception {
        CompletableFuture<Obtained> asked = cache.obtain(
                key(0),
                5 * CHUNK,
                new ScriptedLoad(() -> chunks.ready(5 * CHUNK)),
                Deadline.after(Duration.ofMinutes(1), ticker));
        runLoad();
        held(asked).chunk().release();
        assertNothingLeft();
    }

    /** Chunks that are held by answers after the cache has dropped them, until all memory for loads is taken. */
    private VerifiedChunk[] holdWholeBudget() throws Exception {
        VerifiedChunk[] holding = new VerifiedChunk[8];
        for (int index = 0; index < holding.length; index++) {
            CompletableFuture<Obtained> asked = obtain(index, succeeding);
            runLoad();
            holding[index] = held(asked).chunk();
            cache.evict(ID);
        }
        assertEquals(8 * CHUNK, cache.inFlightBytes());
        return holding;
    }

    private void load(long index) throws Exception {
        CompletableFuture<Obtained> asked = obtain(index, succeeding);
        runLoad();
        held(asked).chunk().release();
    }

    private void runLoad() {
        loads.remove().run();
    }

    private CompletableFuture<Obtained> obtain(long index, Loading loading) {
        return cache.obtain(key(index), CHUNK, loading, Deadline.after(Duration.ofMinutes(1), ticker));
    }

    private @Nullable VerifiedChunk cachedThenReleased(long index) {
        VerifiedChunk hit = cache.hit(key(index));
        if (hit != null) {
            hit.release();
        }
        return hit;
    }

    private void assertNothingLeft() {
        assertEquals(0, cache.inFlightBytes());
        assertEquals(0, cache.cachedBytes());
        assertEquals(0, chunks.alive());
    }

    private static ChunkKey key(long index) {
        return new ChunkKey(ID, "g1", index, CHUNK);
    }

    private static Obtained.Held held(CompletableFuture<Obtained> asked) throws Exception {
        return assertInstanceOf(Obtained.Held.class, outcome(asked));
    }

    private static Failure failure(CompletableFuture<Obtained> asked) throws Exception {
        return assertInstanceOf(Obtained.Unavailable.class, outcome(asked)).failure();
    }

    private static Obtained outcome(CompletableFuture<Obtained> asked)
            throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(10, TimeUnit.SECONDS);
    }
}
