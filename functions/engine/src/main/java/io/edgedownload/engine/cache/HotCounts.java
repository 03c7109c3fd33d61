package io.edgedownload.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests for each chunk, where older ones count less. Bounded: of chunks that are asked for rarely the counts are
 * forgotten. Counting takes no lock and allocates nothing for a chunk that has a count.
 */
public final class HotCounts {
    /** A request of a day ago counts an eighth. */
    public static final Duration HALF_LIFE = Duration.ofHours(8);

    /** What is counted and is not among the hottest yet may become so. */
    private static final int COUNTED_FOR_EACH_HOT = 8;

    private final Cache<ChunkKey, Count> counts;
    private final Ticker ticker;

    /** Guards what follows, and all scores. */
    private final ReentrantLock decaying = new ReentrantLock();

    private long decayedAtNanos;

    private static final class Count {
        private final int lengthBytes;
        private final LongAdder sinceDecayed = new LongAdder();
        private double score;

        Count(int lengthBytes) {
            this.lengthBytes = lengthBytes;
        }
    }

    /** @param most of the hottest that anybody will ask for, at least 1 */
    public HotCounts(int most, Ticker ticker) {
        this.ticker = ticker;
        this.decayedAtNanos = ticker.nanos();
        this.counts = Caffeine.newBuilder()
                .maximumSize((long) most * COUNTED_FOR_EACH_HOT)
                .executor(Runnable::run)
                .build();
    }

    /** A request needs the chunk. Never blocks. */
    public void used(ChunkKey key, int lengthBytes) {
        Count count = counts.getIfPresent(key);
        if (count == null) {
            count = counts.asMap().computeIfAbsent(key, _ -> new Count(lengthBytes));
        }
        count.sinceDecayed.increment();
    }

    /** The hottest first, at most that many; those with a score below one half are forgotten. */
    public List<HotChunk> hottest(int most) {
        decaying.lock();
        try {
            return decayed(most);
        } finally {
            decaying.unlock();
        }
    }

    private List<HotChunk> decayed(int most) {
        long nowNanos = ticker.nanos();
        double weight = Math.pow(0.5, (double) (nowNanos - decayedAtNanos) / HALF_LIFE.toNanos());
        decayedAtNanos = nowNanos;
        List<HotChunk> hot = new ArrayList<>();
        for (Map.Entry<ChunkKey, Count> each : counts.asMap().entrySet()) {
            Count count = each.getValue();
            count.score = count.score * weight + count.sinceDecayed.sumThenReset();
            if (count.score < 0.5) {
                counts.asMap().remove(each.getKey(), count);
            } else {
                hot.add(new HotChunk(each.getKey(), count.lengthBytes, count.score));
            }
        }
        hot.sort(Comparator.comparingDouble(HotChunk::score).reversed());
        return List.copyOf(hot.subList(0, Math.min(most, hot.size())));
    }
}
