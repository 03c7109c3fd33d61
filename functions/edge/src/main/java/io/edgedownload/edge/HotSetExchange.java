package io.edgedownload.edge;

import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.HotChunk;
import io.edgedownload.engine.cache.HotCounts;
import io.edgedownload.engine.cache.HotSet;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Timer;
import io.edgedownload.etcd.EtcdLeased;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other instances what is hot here, and hears of them what is hot there. While etcd is away the last set holds, and is
 * looked for again with each round.
 */
final class HotSetExchange implements AutoCloseable {
    /** Of what one instance says more is not read. */
    private static final int MOST_CHUNKS = 10_000;

    private final EtcdLeased etcd;
    private final String name;
    private final HotCounts counts;
    private final Settings settings;
    private final Timer timer;
    private final Executor executor;
    private final Listener listener;

    /** etcd is asked for one thing at a time. */
    private final ReentrantLock turn = new ReentrantLock();

    private final AtomicReference<State> state = new AtomicReference<>(new State(HotSet.EMPTY, Reached.NEVER));
    private final AtomicReference<@Nullable Cancellable> watching = new AtomicReference<>();
    private final AtomicBoolean readSoon = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param most chunks in the set, 1 to 10,000
     * @param interval between two times that ours is told
     * @param gap at least, between two times that others' are read because they changed
     */
    record Settings(int most, Duration interval, Duration gap) {}

    enum Reached {
        NEVER,
        YES,
        NO_MORE
    }

    private record State(HotSet set, Reached reached) {}

    /** Called on threads that may block. */
    interface Listener {
        /** Another set holds. */
        void changed(HotSet set);

        /** Comes after each round that succeeded. */
        void round(HotSet set);

        /** etcd answers, for the first time or again. */
        void reached();

        /** It does not, from now on; the last set holds. */
        void away(String reason);
    }

    /** @param name of what is told from here, which no other instance has */
    HotSetExchange(
            EtcdLeased etcd,
            String name,
            HotCounts counts,
            Settings settings,
            Timer timer,
            Executor executor,
            Listener listener) {
        this.etcd = etcd;
        this.name = name;
        this.counts = counts;
        this.settings = settings;
        this.timer = timer;
        this.executor = executor;
        this.listener = listener;
    }

    void start() {
        executor.execute(this::round);
    }

    HotSet current() {
        return state.get().set();
    }

    Reached reached() {
        return state.get().reached();
    }

    /** Tells ours, reads all, and does so again after about the interval. */
    private void round() {
        if (closed) {
            return;
        }
        ask(() -> {
            etcd.renew();
            etcd.put(name, text(counts.hottest(settings.most())));
            read();
            if (watching.get() == null) {
                watching.set(etcd.watch(this::changedThere, _ -> watching.set(null)));
            }
            listener.round(current());
        });
        timer.after(jittered(settings.interval()), () -> executor.execute(this::round));
    }

    /** Within a tenth, so that instances that began together do not ask together for ever. */
    private static Duration jittered(Duration interval) {
        long nanos = interval.toNanos();
        return Duration.ofNanos(nanos - nanos / 20 + ThreadLocalRandom.current().nextLong(nanos / 10 + 1));
    }

    /** Many changes that come together are read together. */
    private void changedThere() {
        if (readSoon.compareAndSet(false, true)) {
            timer.after(
                    settings.gap(),
                    () -> executor.execute(() -> {
                        readSoon.set(false);
                        if (!closed) {
                            ask(this::read);
                        }
                    }));
        }
    }

    private void read() throws IOException, InterruptedException {
        List<List<HotChunk>> said = new ArrayList<>();
        for (String text : etcd.values().values()) {
            said.add(chunks(text));
        }
        HotSet merged = HotSet.merged(said, settings.most());
        State before = state.getAndSet(new State(merged, Reached.YES));
        if (before.reached() != Reached.YES) {
            listener.reached();
        }
        if (!before.set().equals(merged)) {
            listener.changed(merged);
        }
    }

    @FunctionalInterface
    private interface Question {
        void ask() throws IOException, InterruptedException;
    }

    private void ask(Question question) {
        turn.lock();
        try {
            question.ask();
        } catch (IOException e) {
            State before = state.getAndUpdate(now -> new State(now.set(), Reached.NO_MORE));
            if (before.reached() != Reached.NO_MORE) {
                listener.away(String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            turn.unlock();
        }
    }

    private static String text(List<HotChunk> chunks) {
        JsonArray array = new JsonArray();
        for (HotChunk chunk : chunks) {
            array.add(new JsonObject()
                    .put("hash", chunk.key().hash())
                    .put("id", chunk.key().id().value())
                    .put("generation", chunk.key().generation())
                    .put("index", chunk.key().index())
                    .put("chunkSize", chunk.key().chunkSizeBytes())
                    .put("length", chunk.lengthBytes())
                    .put("score", chunk.score()));
        }
        return new JsonObject().put("chunks", array).encode();
    }

    /** Whoever may write there is trusted with what is kept on disk, not with its bytes; what makes no sense is left out. */
    private static List<HotChunk> chunks(String text) {
        List<HotChunk> chunks = new ArrayList<>();
        try {
            JsonArray array = new JsonObject(text).getJsonArray("chunks", new JsonArray());
            for (int at = 0; at < Math.min(MOST_CHUNKS, array.size()); at++) {
                JsonObject each = array.getJsonObject(at);
                ChunkKey key = new ChunkKey(
                        new DownloadId(each.getString("id")),
                        each.getString("generation"),
                        each.getLong("index"),
                        each.getInteger("chunkSize"));
                if (key.hash().equals(each.getString("hash"))) {
                    chunks.add(new HotChunk(key, each.getInteger("length"), each.getDouble("score")));
                }
            }
        } catch (RuntimeException nonsense) {
            return chunks;
        }
        return chunks;
    }

    @Override
    public void close() {
        closed = true;
        Cancellable watch = watching.getAndSet(null);
        if (watch != null) {
            watch.cancel();
        }
    }
}
