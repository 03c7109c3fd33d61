package io.edgedownload.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.edgedownload.engine.cache.ChunkName.Filed;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Verified chunks on disk, one file each, bounded in bytes by frequency of use and by what must stay free for others. What is in
 * memory is an index of names and lengths, made at the start from the names of the files while chunks are served already. The
 * digest of a file that was there at the start is computed before its first use, and those of all of them now and then; one that
 * does not fit is put aside. When the folder cannot be used the tier keeps quiet and tries again.
 */
public final class SsdTier implements AutoCloseable {
    private static final Duration TRIED_AGAIN_AFTER = Duration.ofSeconds(5);
    private static final long SPACE_LOOKED_AT_EVERY_NANOS =
            Duration.ofSeconds(1).toNanos();
    private static final Duration SCRUBBED_EVERY = Duration.ofSeconds(1);
    private static final int BLOCK_BYTES = 4 << 10;
    private static final int WRITERS = 4;

    /** A bound alone: what is dropped beyond it comes back, and is evicted as it is not used. */
    private static final int MAX_DROPPED_UNSEEN = 10_000;

    /** A twentieth of what there is. */
    private static final int GIVES_WAY_BY = 20;

    private final Settings settings;
    private final Executor executor;
    private final Timer timer;
    private final Ticker ticker;
    private final Listener listener;
    private final AtomicReference<State> state = new AtomicReference<>(new State.Opening());
    private final Cache<ChunkName, Entry> index;
    private final Policy.Eviction<ChunkName, Entry> bound;
    private final Cache<ChunkName, Open> openFiles;
    private final Set<ChunkKey> pending = ConcurrentHashMap.newKeySet();

    /** Downloads that were dropped before it was known which files there are of them. */
    private final Set<Long> droppedUnseen = ConcurrentHashMap.newKeySet();

    private final Semaphore writers = new Semaphore(WRITERS);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong spaceSeenNanos;

    /** Of the chunk that there was no room for last. */
    private volatile int wantedBytes;

    private final Counters counters = new Counters();
    private volatile Iterator<Map.Entry<ChunkName, Entry>> scrubbing;
    private volatile Spared spared = Spared.NONE;

    /**
     * @param maxBytes of files
     * @param minFreeBytes of the file system that are left to others
     * @param maxQueuedBytes of chunks that wait to be written; more are not
     * @param maxOpenFiles that are ready to be sent without being opened
     * @param scrubBytesPerSecond that are read again in the background; 0 for none
     */
    public record Settings(
            Path directory,
            long maxBytes,
            long minFreeBytes,
            Fsync fsync,
            long maxQueuedBytes,
            int maxOpenFiles,
            long scrubBytesPerSecond) {}

    /** Hears of what an operator should know. Called on threads that may block. */
    public interface Listener {
        /** Chunks are kept on disk from now on. */
        void usable(Path directory, long chunks);

        /** They are not until further notice. */
        void unusable(Path directory, Trouble trouble, String detail);

        /** A file had other bytes than were written; it is not used. */
        void bad(String file, String reason);

        /** A file was read, and whether to some use; on the thread of the load that needed it. */
        default void read(ChunkKey key, boolean good, long tookNanos) {}

        /** A file was written, or could not be; on a thread that the load began. */
        default void written(ChunkKey key, boolean good, long tookNanos) {}
    }

    /**
     * Now, and since the start.
     *
     * @param trouble null while the folder is used
     * @param dropped chunks that were not written, because too many waited or nothing could be
     * @param bad files that had other bytes than were written
     */
    public record Statistics(
            long chunks,
            long bytes,
            long queuedBytes,
            long written,
            long dropped,
            long bad,
            @Nullable Trouble trouble) {}

    /**
     * Chunks that are not evicted for others.
     *
     * @param bytes that their files take when all of them are there; so much less is for the others
     */
    private record Spared(Set<ChunkName> names, long bytes) {
        static final Spared NONE = new Spared(Set.of(), 0);
    }

    /** @param checkedAtNanos when the digest was computed, if it was since the start; else 0 */
    private record Entry(int lengthBytes, boolean checked, long checkedAtNanos) {
        static Entry unchecked(int lengthBytes) {
            return new Entry(lengthBytes, false, 0);
        }

        static Entry checked(VerifiedChunk chunk) {
            return new Entry(chunk.lengthBytes(), true, chunk.verifiedAtNanos());
        }

        Entry again() {
            return new Entry(lengthBytes, checked, checkedAtNanos);
        }

        OptionalLong verifiedAtNanos() {
            return checked ? OptionalLong.of(checkedAtNanos) : OptionalLong.empty();
        }
    }

    private record Open(ChunkKey key, FileChunk chunk) {}

    private static final class Counters {
        private final LongAdder written = new LongAdder();
        private final LongAdder dropped = new LongAdder();
        private final LongAdder bad = new LongAdder();
    }

    private sealed interface State {
        /** Nothing is known of the folder. */
        record Opening() implements State {}

        /** @param scanned whether the index has all that was there at the start */
        record Used(ChunkFolder folder, boolean scanned) implements State {}

        /** @param folder to read from all the same; null when there is none */
        record Troubled(@Nullable ChunkFolder folder, Trouble trouble) implements State {}

        record Closed() implements State {}
    }

    /** @param executor runs each task on a thread of its own that may block */
    public SsdTier(Settings settings, Executor executor, Timer timer, Ticker ticker, Listener listener) {
        this.settings = settings;
        this.executor = executor;
        this.timer = timer;
        this.ticker = ticker;
        this.listener = listener;
        this.spaceSeenNanos = new AtomicLong(ticker.nanos() - SPACE_LOOKED_AT_EVERY_NANOS);
        this.index = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .weigher((ChunkName name, Entry entry) ->
                        spared.names().contains(name) ? 0 : weight(entry.lengthBytes()))
                .removalListener(this::removed)
                // Deleting files is nothing for the event loop that happens to look something up.
                .executor(executor)
                .build();
        this.bound = index.policy().eviction().orElseThrow();
        this.openFiles = Caffeine.newBuilder()
                .maximumSize(settings.maxOpenFiles())
                .removalListener((@Nullable ChunkName _, @Nullable Open open, RemovalCause _) -> {
                    if (open != null) {
                        open.chunk().release();
                    }
                })
                .executor(executor)
                .build();
        this.scrubbing = index.asMap().entrySet().iterator();
    }

    /** Begins to use the folder. Does not wait for it. */
    public void start() {
        executor.execute(() -> {
            var _ = open();
        });
        if (settings.scrubBytesPerSecond() > 0) {
            scrubLater(SCRUBBED_EVERY);
        }
    }

    private static int weight(int lengthBytes) {
        return (lengthBytes + Trailer.MAX_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    /** The chunk, held for the caller, when its file is open and was verified; else null. Never blocks. */
    @Nullable
    FileChunk hit(ChunkKey key) {
        ChunkName name = ChunkName.of(key);
        Open open = openFiles.getIfPresent(name);
        if (open == null || !open.key().equals(key)) {
            return null;
        }
        // The look counts as a use: what is in use must not be the next to go. What has gone takes room until its file
        // is closed, an interrupted thread closes the channel that it reads from, and a file that was cut is looked at
        // anew,
        // and put aside.
        if (index.getIfPresent(name) == null
                || !open.chunk().file().isOpen()
                || open.chunk().wasCut()) {
            openFiles.asMap().remove(name, open);
            return null;
        }
        return open.chunk().retain() ? open.chunk() : null;
    }

    /** The chunk, held for the caller, when there is a good file of it; else null. Blocks. */
    @Nullable
    FileChunk read(ChunkKey key, int lengthBytes) {
        ChunkFolder folder = readable();
        if (folder == null) {
            return null;
        }
        ChunkName name = ChunkName.of(key);
        Entry entry = index.getIfPresent(name);
        if (entry == null && isScanned()) {
            return null;
        }
        Entry known = entry == null ? Entry.unchecked(lengthBytes) : entry;
        if (known.lengthBytes() != lengthBytes) {
            return null;
        }
        FileChunk hit = hit(key);
        if (hit != null) {
            return hit;
        }
        long startNanos = ticker.nanos();
        FileChunk read = read(folder, key, name, known);
        listener.read(key, read != null, ticker.nanos() - startNanos);
        return read;
    }

    private @Nullable FileChunk read(ChunkFolder folder, ChunkKey key, ChunkName name, Entry entry) {
        Filed filed = new Filed(name, entry.lengthBytes());
        return switch (folder.read(filed, key, entry.verifiedAtNanos())) {
            case ChunkFolder.Read.Found(FileChunk chunk) -> {
                if (!entry.checked()) {
                    index.put(name, Entry.checked(chunk));
                }
                keepOpen(key, name, chunk);
                yield chunk;
            }
            case ChunkFolder.Read.Gone() -> {
                index.asMap().remove(name, entry);
                yield null;
            }
            case ChunkFolder.Read.Bad(String reason) -> {
                bad(folder, filed, reason);
                yield null;
            }
        };
    }

    private void keepOpen(ChunkKey key, ChunkName name, FileChunk chunk) {
        chunk.retain();
        openFiles.put(name, new Open(key, chunk));
    }

    private void bad(ChunkFolder folder, Filed filed, String reason) {
        forget(filed.name());
        counters.bad.increment();
        try {
            folder.quarantine(filed);
        } catch (IOException e) {
            trouble(folder, e);
        }
        listener.bad(filed.file(), reason);
    }

    /** Keeps the chunk on disk, unless too many wait for that already. Never blocks. */
    void offer(ChunkKey key, VerifiedChunk chunk) {
        if (!(chunk instanceof MemoryChunk inMemory)) {
            return;
        }
        int lengthBytes = inMemory.lengthBytes();
        // Before all is known that is there, room for more cannot be judged: what is not would be taken for others'.
        if (!(state.get() instanceof State.Used(var _, boolean scanned)) || !scanned) {
            counters.dropped.increment();
            return;
        }
        if (!pending.add(key)) {
            return;
        }
        if (queuedBytes.addAndGet(lengthBytes) > settings.maxQueuedBytes()) {
            pending.remove(key);
            queuedBytes.addAndGet(-lengthBytes);
            counters.dropped.increment();
            return;
        }
        inMemory.retain();
        executor.execute(() -> {
            try {
                write(key, inMemory);
            } finally {
                pending.remove(key);
                inMemory.release();
                queuedBytes.addAndGet(-lengthBytes);
            }
        });
    }

    private void write(ChunkKey key, MemoryChunk chunk) {
        try {
            writers.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            if (state.get() instanceof State.Used(ChunkFolder folder, var _)) {
                write(folder, key, chunk);
            } else {
                counters.dropped.increment();
            }
        } finally {
            writers.release();
        }
    }

    private void write(ChunkFolder folder, ChunkKey key, MemoryChunk chunk) {
        try {
            if (!hasRoom(folder, key, chunk.lengthBytes())) {
                counters.dropped.increment();
                return;
            }
            FileChunk file = writeTimed(folder, key, chunk);
            ChunkName name = ChunkName.of(key);
            index.put(name, Entry.checked(chunk));
            keepOpen(key, name, file);
            file.release();
            counters.written.increment();
            if (!pending.remove(key)) {
                // Dropped with its download while it was written: after the look into the index, maybe.
                forget(name);
                folder.delete(new Filed(name, chunk.lengthBytes()));
            }
        } catch (IOException e) {
            counters.dropped.increment();
            wantedBytes = weight(chunk.lengthBytes());
            trouble(folder, e);
        }
    }

    private FileChunk writeTimed(ChunkFolder folder, ChunkKey key, MemoryChunk chunk) throws IOException {
        long startNanos = ticker.nanos();
        boolean good = false;
        try {
            FileChunk file = folder.write(key, chunk);
            good = true;
            return file;
        } finally {
            listener.written(key, good, ticker.nanos() - startNanos);
        }
    }

    /**
     * Looks now and then at what is free, and bounds itself so that enough stays so.
     *
     * @throws FileSystemException when others take so much that there is no room even in place of all that is kept, or the
     *     folder is another one
     */
    private boolean hasRoom(ChunkFolder folder, ChunkKey key, int lengthBytes) throws IOException {
        long nowNanos = ticker.nanos();
        long seenNanos = spaceSeenNanos.get();
        if (nowNanos - seenNanos >= SPACE_LOOKED_AT_EVERY_NANOS && spaceSeenNanos.compareAndSet(seenNanos, nowNanos)) {
            if (!folder.isThere()) {
                throw new NoSuchFileException(
                        settings.directory().toString(), null, "it is gone, or another one is in its place");
            }
            long usableBytes = folder.usableBytes();
            boolean enough = isEnough(usableBytes, weight(lengthBytes));
            boundBy(usableBytes - settings.minFreeBytes());
            if (!enough) {
                throw new FileSystemException(
                        settings.directory().toString(),
                        null,
                        "No space left for a chunk of %,d bytes: %,d bytes are free, of which %,d are to stay so"
                                .formatted(lengthBytes, usableBytes, settings.minFreeBytes()));
            }
        }
        return spared.names().contains(ChunkName.of(key))
                ? folder.usableBytes() - weight(lengthBytes) >= settings.minFreeBytes()
                : weight(lengthBytes) <= bound.getMaximum();
    }

    private boolean isEnough(long usableBytes, int neededBytes) {
        long usedBytes = bound.weightedSize().orElse(0) + sparedBytes();
        return usedBytes + usableBytes - settings.minFreeBytes() >= neededBytes;
    }

    /** @param roomBytes beside the files that there are; negative when there are too many */
    private void boundBy(long roomBytes) {
        long usedBytes = bound.weightedSize().orElse(0);
        bound.setMaximum(Math.clamp(usedBytes + roomBytes, 0, settings.maxBytes() - spared.bytes()));
        index.cleanUp();
    }

    /** A full disk is no reason to stop for ever: what was used least goes first. */
    private void giveWay(ChunkFolder folder) throws IOException {
        long usedBytes = bound.weightedSize().orElse(0);
        boundBy(Math.min(folder.usableBytes() - settings.minFreeBytes(), -usedBytes / GIVES_WAY_BY));
    }

    /**
     * From now on these chunks, the first ones of them as far as they fit into half of the room, are not evicted for others, and no
     * others are.
     *
     * @param lengths of the chunks, the ones that matter most first
     */
    public void spare(SequencedMap<ChunkKey, Integer> lengths) {
        Set<ChunkName> names = new HashSet<>();
        long bytes = 0;
        for (Map.Entry<ChunkKey, Integer> each : lengths.entrySet()) {
            bytes += weight(each.getValue());
            if (bytes > settings.maxBytes() / 2) {
                bytes -= weight(each.getValue());
                break;
            }
            names.add(ChunkName.of(each.getKey()));
        }
        Set<ChunkName> changed = new HashSet<>(spared.names());
        changed.addAll(names);
        spared = new Spared(Set.copyOf(names), bytes);
        // Each is weighed anew, and what is too much goes.
        changed.forEach(name -> index.asMap().computeIfPresent(name, (_, entry) -> entry.again()));
        bound.setMaximum(settings.maxBytes() - bytes);
        index.cleanUp();
    }

    /** Whether the chunk should be on disk and is not: it is spared, and what is there is known. */
    public boolean lacks(ChunkKey key) {
        ChunkName name = ChunkName.of(key);
        return state.get() instanceof State.Used(var _, boolean scanned)
                && scanned
                && spared.names().contains(name)
                && !index.asMap().containsKey(name);
    }

    /** Whether the chunk could be on disk and is not, as far as is known what is there. */
    public boolean misses(ChunkKey key) {
        return state.get() instanceof State.Used && !index.asMap().containsKey(ChunkName.of(key));
    }

    /** Drops all chunks of a download, those that wait to be written too; how many there were on disk. Blocks. */
    int evict(DownloadId id) {
        pending.removeIf(key -> key.id().equals(id));
        long download = ChunkName.download(id);
        dropUnseen(download);
        int evicted = 0;
        for (Map.Entry<ChunkName, Entry> each : index.asMap().entrySet()) {
            if (each.getKey().download() == download) {
                forget(each.getKey());
                delete(new Filed(each.getKey(), each.getValue().lengthBytes()));
                evicted++;
            }
        }
        return evicted;
    }

    private void dropUnseen(long download) {
        boolean seen = switch (state.get()) {
            case State.Used(var _, boolean scanned) -> scanned;
            case State.Troubled(var folder, var _) -> folder != null;
            case State.Opening() -> false;
            case State.Closed() -> true;
        };
        if (!seen && droppedUnseen.size() < MAX_DROPPED_UNSEEN) {
            droppedUnseen.add(download);
        }
    }

    private void forget(ChunkName name) {
        index.invalidate(name);
        openFiles.invalidate(name);
    }

    private void removed(@Nullable ChunkName name, @Nullable Entry entry, RemovalCause cause) {
        if (name != null && entry != null && cause.wasEvicted()) {
            openFiles.invalidate(name);
            delete(new Filed(name, entry.lengthBytes()));
        }
    }

    private void delete(Filed filed) {
        ChunkFolder folder = readable();
        if (folder != null) {
            try {
                folder.delete(filed);
            } catch (IOException e) {
                trouble(folder, e);
            }
        }
    }

    private @Nullable ChunkFolder readable() {
        return switch (state.get()) {
            case State.Used(ChunkFolder folder, var _) -> folder;
            case State.Troubled(var folder, var _) -> folder;
            case State.Opening(), State.Closed() -> null;
        };
    }

    private boolean isScanned() {
        return !(state.get() instanceof State.Used(var _, boolean scanned)) || scanned;
    }

    /** From nothing, or after the folder was lost; false when it cannot be used and nothing will try again by itself. */
    private boolean open() {
        State before = state.get();
        @Nullable ChunkFolder opened = null;
        try {
            ChunkFolder folder = ChunkFolder.open(settings.directory(), settings.fsync(), ticker);
            // What was there before may be there no more; it is found again if it is.
            index.invalidateAll();
            openFiles.invalidateAll();
            if (before instanceof State.Closed || !state.compareAndSet(before, new State.Used(folder, false))) {
                folder.close();
                return true;
            }
            opened = folder;
            folder.scan(filed -> seen(folder, filed));
            state.updateAndGet(now -> now instanceof State.Used(var used, var _) && used.equals(folder)
                    ? new State.Used(folder, true)
                    : now);
            droppedUnseen.clear();
            listener.usable(settings.directory(), index.estimatedSize());
            return true;
        } catch (IOException e) {
            trouble(opened, e);
            letGo(opened);
            // Who was the first to tell of the trouble of one that was used tries again.
            return opened != null;
        }
    }

    private void seen(ChunkFolder folder, Filed filed) {
        index.asMap().putIfAbsent(filed.name(), Entry.unchecked(filed.lengthBytes()));
        // Looked at after: who drops it puts it there before it goes through the index.
        if (droppedUnseen.contains(filed.name().download())) {
            forget(filed.name());
            try {
                folder.delete(filed);
            } catch (IOException e) {
                trouble(folder, e);
            }
        }
    }

    /** What was not seen to its end is begun anew: half an index would be taken for all there is. */
    private void letGo(@Nullable ChunkFolder folder) {
        if (folder != null
                && state.get() instanceof State.Troubled troubled
                && folder.equals(troubled.folder())
                && state.compareAndSet(troubled, new State.Troubled(null, troubled.trouble()))) {
            close(folder);
        }
    }

    /** @param folder to read from all the same; null when there is none */
    private void trouble(@Nullable ChunkFolder folder, IOException failure) {
        Trouble trouble = Trouble.of(failure);
        State troubled = new State.Troubled(folder, trouble);
        State before = state.getAndUpdate(now -> isOf(now, folder) ? troubled : now);
        if (!isOf(before, folder)) {
            // Another one is used by now.
            return;
        }
        switch (before) {
            case State.Closed() -> {}
            case State.Troubled(var _, Trouble earlier) -> {
                if (earlier != trouble) {
                    tell(trouble, failure);
                }
            }
            case State.Opening(), State.Used _ -> {
                tell(trouble, failure);
                tryAgainLater();
            }
        }
    }

    private static boolean isOf(State now, @Nullable ChunkFolder folder) {
        return switch (now) {
            case State.Opening() -> true;
            case State.Closed() -> false;
            case State.Used(ChunkFolder used, var _) -> used.equals(folder);
            case State.Troubled(var kept, var _) -> Objects.equals(kept, folder);
        };
    }

    private void tell(Trouble trouble, IOException failure) {
        listener.unusable(settings.directory(), trouble, String.valueOf(failure.getMessage()));
    }

    private void tryAgainLater() {
        var _ = timer.after(TRIED_AGAIN_AFTER, () -> executor.execute(this::tryAgain));
    }

    /** Again and again from the begin of a trouble to its end. */
    private void tryAgain() {
        if (state.get() instanceof State.Troubled troubled && !isWellAgain(troubled)) {
            tryAgainLater();
        }
    }

    private boolean isWellAgain(State.Troubled troubled) {
        ChunkFolder folder = troubled.folder();
        if (folder == null || !folder.isThere()) {
            letGo(folder);
            return open();
        }
        try {
            if (troubled.trouble() == Trouble.FULL) {
                if (!isEnough(folder.usableBytes(), wantedBytes)) {
                    return false;
                }
                giveWay(folder);
            }
            folder.tryOut();
        } catch (IOException e) {
            trouble(folder, e);
            return false;
        }
        if (state.compareAndSet(troubled, new State.Used(folder, true))) {
            listener.usable(settings.directory(), index.estimatedSize());
        }
        return true;
    }

    private static void close(@Nullable ChunkFolder folder) {
        try {
            if (folder != null) {
                folder.close();
            }
        } catch (IOException e) {
            // Its lock ends with the process at the latest.
        }
    }

    private void scrubLater(Duration delay) {
        var _ = timer.after(delay, () -> executor.execute(this::scrub));
    }

    /** One file more; the next when as much time has passed as its bytes may take. */
    private void scrub() {
        if (state.get() instanceof State.Closed) {
            return;
        }
        int readBytes = scrubNext();
        Duration pause = Duration.ofNanos((long) (1e9 * readBytes / settings.scrubBytesPerSecond()));
        scrubLater(pause.compareTo(SCRUBBED_EVERY) > 0 ? pause : SCRUBBED_EVERY);
    }

    private int scrubNext() {
        if (!(state.get() instanceof State.Used(ChunkFolder folder, var _))) {
            return 0;
        }
        if (!scrubbing.hasNext()) {
            scrubbing = index.asMap().entrySet().iterator();
            return 0;
        }
        Map.Entry<ChunkName, Entry> next = scrubbing.next();
        Filed filed = new Filed(next.getKey(), next.getValue().lengthBytes());
        switch (folder.read(filed, null, OptionalLong.empty())) {
            case ChunkFolder.Read.Found(FileChunk chunk) -> chunk.release();
            case ChunkFolder.Read.Gone() -> index.asMap().remove(next.getKey(), next.getValue());
            case ChunkFolder.Read.Bad(String reason) -> bad(folder, filed, reason);
        }
        return filed.lengthBytes();
    }

    private long sparedBytes() {
        return spared.names().stream()
                .map(name -> index.asMap().get(name))
                .filter(Objects::nonNull)
                .mapToLong(entry -> weight(entry.lengthBytes()))
                .sum();
    }

    public Statistics statistics() {
        return new Statistics(
                index.estimatedSize(),
                bound.weightedSize().orElse(0) + sparedBytes(),
                queuedBytes.get(),
                counters.written.sum(),
                counters.dropped.sum(),
                counters.bad.sum(),
                state.get() instanceof State.Troubled(var _, Trouble trouble) ? trouble : null);
    }

    /** Ends; what is being sent goes on. */
    @Override
    public void close() {
        ChunkFolder folder = readable();
        state.set(new State.Closed());
        openFiles.invalidateAll();
        close(folder);
    }
}
