package io.edgedownload.engine;

import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.HotChunk;
import io.edgedownload.engine.cache.HotSet;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loading;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks to the disk before anybody asks for them here: from S3, one after the other, so that clients have the rest of
 * the bandwidth. It ends with the first that S3 does not give; the next time begins anew.
 */
public final class FetchAhead {
    /** For one chunk. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SsdTier ssd;
    private final ChunkCache cache;
    private final KnownManifests manifests;
    private final StoreTier store;
    private final Outages outages;
    private final Ticker ticker;
    private final AtomicBoolean running = new AtomicBoolean();
    private final LongAdder fetched = new LongAdder();

    public FetchAhead(
            SsdTier ssd, ChunkCache cache, KnownManifests manifests, StoreTier store, Outages outages, Ticker ticker) {
        this.ssd = ssd;
        this.cache = cache;
        this.manifests = manifests;
        this.store = store;
        this.outages = outages;
        this.ticker = ticker;
    }

    /**
     * Blocks until all that should be on disk is, or S3 gives no more. Does nothing while it runs already.
     *
     * @return whether it makes sense to go on with other chunks
     */
    public boolean run(HotSet hot) throws InterruptedException {
        return run(hot, ssd::lacks);
    }

    /** As {@link #run}, for chunks that somebody wants on disk although they are not those that are hot here. */
    public boolean order(HotSet wanted) throws InterruptedException {
        return run(wanted, ssd::misses);
    }

    private boolean run(HotSet hot, Predicate<ChunkKey> wanted) throws InterruptedException {
        if (!running.compareAndSet(false, true)) {
            return false;
        }
        try {
            for (HotChunk chunk : hot.chunks()) {
                if (wanted.test(chunk.key()) && !fetch(chunk)) {
                    return false;
                }
            }
            return true;
        } finally {
            running.set(false);
        }
    }

    /** How many chunks it has brought since the start. */
    public long fetched() {
        return fetched.sum();
    }

    /** Whether it makes sense to go on with the next. */
    private boolean fetch(HotChunk chunk) throws InterruptedException {
        Deadline deadline = Deadline.after(PATIENCE, ticker);
        Manifest manifest = manifest(chunk, deadline);
        S3Object s3 = manifest == null ? null : manifest.s3();
        if (manifest == null || s3 == null || outages.concern(manifest)) {
            // Another download may be better off.
            return true;
        }
        try {
            Obtained obtained = cache.obtain(
                            chunk.key(),
                            chunk.lengthBytes(),
                            new FromStore(store, manifest, chunk.key().index(), s3, deadline),
                            deadline)
                    .get();
            return switch (obtained) {
                case Obtained.Held held -> {
                    held.chunk().release();
                    fetched.increment();
                    yield true;
                }
                case Obtained.Unavailable _ -> false;
            };
        } catch (ExecutionException e) {
            throw new AssertionError("a chunk is held or unavailable", e);
        }
    }

    /** That of the chunk's generation; what others say is hot may be of another state, or nonsense. */
    private @Nullable Manifest manifest(HotChunk chunk, Deadline deadline) {
        ChunkKey key = chunk.key();
        return switch (manifests.find(key.id(), deadline)) {
            case Lookup.Found(Manifest manifest)
            when manifest.generation().equals(key.generation())
                    && manifest.chunkSizeBytes() == key.chunkSizeBytes()
                    && key.index() >= 0
                    && key.index() < manifest.chunkCount()
                    && manifest.chunk(key.index()).length() == chunk.lengthBytes() -> manifest;
            case Lookup.Found _, Lookup.Unknown _, Lookup.Unavailable _ -> null;
        };
    }

    private record FromStore(StoreTier store, Manifest manifest, long index, S3Object s3, Deadline deadline)
            implements Loading {
        @Override
        public Loaded load() throws InterruptedException {
            try (Filling filling = new Filling(manifest, index, "")) {
                return store.load(filling, s3, deadline);
            }
        }

        @Override
        public boolean goesFurtherThan(Loading failed, Failure failure) {
            return false;
        }
    }
}
