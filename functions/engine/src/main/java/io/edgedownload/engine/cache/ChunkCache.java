package io.edgedownload.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.edgedownload.engine.cache.Flight.Waiter;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps chunks in memory and loads each missing one once, however many ask for it. A caller that leaves, or whose deadline
 * passes, ends its own wait and nothing else: the load goes on for the others and for those who come later.
 */
public final class ChunkCache {
    /** Loads that may be under way or waiting for memory. */
    private static final int MAX_FLIGHTS = 4_096;

    private final Cache<ChunkKey, Entry> memory;
    private final @Nullable SsdTier ssd;
    private final ConcurrentMap<ChunkKey, Flight> flights = new ConcurrentHashMap<>();
    private final FillBudget budget;
    private final Duration inFlightWait;
    private final Executor executor;

    private final LongAdder memoryHits = new LongAdder();
    private final LongAdder ssdHits = new LongAdder();
    private final LongAdder loads = new LongAdder();

    /**
     * How chunks were come by since the start.
     *
     * @param loads that were begun; a request that joins one is not counted
     */
    public record Ways(long memoryHits, long ssdHits, long loads) {}

    private record Entry(VerifiedChunk chunk, FillBudget.Charge charge) {}

    /**
     * @param maxBytes of chunks to keep in memory
     * @param maxInFlightBytes of chunks that are being loaded, or held by answers after the cache dropped them
     * @param inFlightWait how long a load for an answer that has not begun may wait for memory before it is refused as
     *     {@link Kind#OVERLOAD}
     */
    public record Limits(long maxBytes, long maxInFlightBytes, Duration inFlightWait) {}

    /**
     * @param ssd behind memory, or null
     * @param executor runs each load on a thread of its own that may block
     */
    public ChunkCache(Limits limits, @Nullable SsdTier ssd, Executor executor) {
        this.ssd = ssd;
        this.budget = new FillBudget(limits.maxInFlightBytes());
        this.inFlightWait = limits.inFlightWait();
        this.executor = executor;
        this.memory = Caffeine.newBuilder()
                .maximumWeight(limits.maxBytes())
                .weigher((ChunkKey key, Entry entry) -> entry.chunk().lengthBytes())
                .removalListener(ChunkCache::removed)
                .executor(Runnable::run)
                .build();
    }

    /** The chunk, held for the caller, when it is in memory, or on disk and ready; else null. Never blocks. */
    public @Nullable VerifiedChunk hit(ChunkKey key) {
        Entry entry = memory.getIfPresent(key);
        if (entry != null && entry.chunk().retain()) {
            memoryHits.increment();
            return entry.chunk();
        }
        VerifiedChunk kept = ssd == null ? null : ssd.hit(key);
        if (kept != null) {
            ssdHits.increment();
        }
        return kept;
    }

    /**
     * The chunk from memory, from a load under way, or from a new one. Never blocks. The future always ends: with the chunk,
     * with the load's failure, or at the deadline with {@link Kind#TIMEOUT}. A caller that leaves completes it itself.
     *
     * @param lengthBytes of the chunk
     * @param loading used when this caller is the first to ask
     */
    public CompletableFuture<Obtained> obtain(ChunkKey key, int lengthBytes, Loading loading, Deadline deadline) {
        return obtain(key, lengthBytes, loading, false, deadline);
    }

    /**
     * As {@link #obtain}, for an answer that has begun: it waits for memory as long as it has time, for a refusal would break it
     * off.
     */
    public CompletableFuture<Obtained> obtainNext(ChunkKey key, int lengthBytes, Loading loading, Deadline deadline) {
        return obtain(key, lengthBytes, loading, true, deadline);
    }

    private CompletableFuture<Obtained> obtain(
            ChunkKey key, int lengthBytes, Loading loading, boolean begun, Deadline deadline) {
        CompletableFuture<Obtained> asked = new CompletableFuture<>();
        ask(key, lengthBytes, new Waiter(asked, loading, begun, deadline));
        return asked.completeOnTimeout(
                new Obtained.Unavailable(Failure.of(Kind.TIMEOUT, "the chunk was not there in time")),
                deadline.remainingNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Drops all chunks of a download; how many there were. Answers under way keep what they hold. May block. */
    public int evict(DownloadId id) {
        int evicted = ssd == null ? 0 : ssd.evict(id);
        for (ChunkKey key : memory.asMap().keySet()) {
            if (key.id().equals(id) && memory.asMap().remove(key) != null) {
                evicted++;
            }
        }
        return evicted;
    }

    /** Bytes of chunks in memory. */
    public long cachedBytes() {
        return memory.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    public Ways ways() {
        return new Ways(memoryHits.sum(), ssdHits.sum(), loads.sum());
    }

    /** Bytes of chunks in flight. */
    public long inFlightBytes() {
        return budget.chargedBytes();
    }

    private void ask(ChunkKey key, int lengthBytes, Waiter waiter) {
        for (; ; ) {
            VerifiedChunk hit = hit(key);
            if (hit != null) {
                hand(waiter, new Obtained.Held(hit, new Obtained.Way.Hit()));
                return;
            }
            Flight running = flights.get(key);
            if (running != null ? running.join(waiter) : begin(key, lengthBytes, waiter)) {
                return;
            }
        }
    }

    /** Starts a load for the waiter, or false when another caller was quicker. */
    private boolean begin(ChunkKey key, int lengthBytes, Waiter waiter) {
        if (flights.size() >= MAX_FLIGHTS) {
            hand(waiter, new Obtained.Unavailable(Failure.of(Kind.OVERLOAD, "too many loads are under way")));
            return true;
        }
        Flight flight = new Flight(waiter);
        if (flights.putIfAbsent(key, flight) != null) {
            return false;
        }
        VerifiedChunk hit = hit(key);
        if (hit != null) {
            // Another load ended between this caller's look into memory and its start.
            land(key, flight, hit);
            return true;
        }
        executor.execute(() -> fly(key, lengthBytes, flight));
        return true;
    }

    /** Nothing needs to be loaded. */
    private void land(ChunkKey key, Flight flight, VerifiedChunk hit) {
        flights.remove(key, flight);
        for (Waiter each : flight.end()) {
            hit.retain();
            hand(each, new Obtained.Held(hit, new Obtained.Way.Hit()));
        }
        hit.release();
    }

    private void fly(ChunkKey key, int lengthBytes, Flight flight) {
        VerifiedChunk kept = ssd == null ? null : ssd.read(key, lengthBytes);
        if (kept != null) {
            ssdHits.increment();
            land(key, flight, kept);
            return;
        }
        loads.increment();
        Loaded loaded = load(key, lengthBytes, flight.first());
        // Out of the map first: whoever finds the flight ended must not find it here again.
        flights.remove(key, flight);
        boolean first = true;
        for (Waiter waiter : flight.end()) {
            conclude(key, lengthBytes, loaded, flight.first(), waiter, !first);
            first = false;
        }
        if (loaded instanceof Loaded.Ready ready) {
            ready.chunk().release();
        }
    }

    private void conclude(
            ChunkKey key, int lengthBytes, Loaded loaded, Waiter first, Waiter waiter, boolean collapsed) {
        switch (loaded) {
            case Loaded.Ready ready -> {
                ready.chunk().retain();
                hand(
                        waiter,
                        new Obtained.Held(
                                ready.chunk(), new Obtained.Way.Miss(ready.tier(), ready.timings(), collapsed)));
            }
            case Loaded.Unavailable(Failure failure) -> {
                if (collapsed && mayTryAgain(waiter, first, failure)) {
                    ask(key, lengthBytes, waiter);
                } else {
                    hand(waiter, new Obtained.Unavailable(failure));
                }
            }
        }
    }

    /** A load obeys the caller that began it: another may have more time, or go further. */
    private static boolean mayTryAgain(Waiter waiter, Waiter first, Failure failure) {
        return !waiter.deadline().passed()
                && (first.deadline().passed() || waiter.loading().goesFurtherThan(first.loading(), failure));
    }

    private Loaded load(ChunkKey key, int lengthBytes, Waiter first) {
        FillBudget.@Nullable Charge charge = null;
        try {
            charge = budget.acquire(
                    lengthBytes,
                    first.begun() ? first.deadline() : first.deadline().within(inFlightWait));
            if (charge == null) {
                return new Loaded.Unavailable(Failure.of(Kind.OVERLOAD, "too many bytes are in flight"));
            }
            Loaded loaded = first.loading().load();
            if (loaded instanceof Loaded.Ready ready) {
                keep(key, ready.chunk(), charge);
            } else {
                charge.freed();
            }
            return loaded;
        } catch (InterruptedException | RuntimeException | Error e) {
            // Errors too, such as no direct memory: a flight that does not end would hold its chunk's callers for ever.
            if (charge != null) {
                charge.freed();
            }
            return new Loaded.Unavailable(Failure.of(Kind.UNREACHABLE, "the load failed: " + e));
        }
    }

    private void keep(ChunkKey key, VerifiedChunk chunk, FillBudget.Charge charge) {
        chunk.whenFreed(charge::freed);
        chunk.retain();
        charge.cached();
        memory.put(key, new Entry(chunk, charge));
        if (ssd != null) {
            ssd.offer(key, chunk);
        }
    }

    private static void hand(Waiter waiter, Obtained obtained) {
        if (!waiter.asked().complete(obtained) && obtained instanceof Obtained.Held held) {
            held.chunk().release();
        }
    }

    private static void removed(@Nullable ChunkKey key, @Nullable Entry entry, RemovalCause cause) {
        if (entry != null) {
            entry.charge().dropped();
            entry.chunk().release();
        }
    }
}
