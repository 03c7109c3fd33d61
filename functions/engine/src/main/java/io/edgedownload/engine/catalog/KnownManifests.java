package io.edgedownload.engine.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog said a moment ago, so that a hit does not wait for it, and a flood of unknown ids does not reach it more often
 * than once a freshness each. A change made by another instance is seen after the freshness; one made here, at once. When the
 * catalog cannot tell, what it said last goes on as stale.
 */
public final class KnownManifests {
    /** A look-up weighs 1 and each digest in it another; with about 120 bytes a digest that is some 30 MB. */
    static final int MAX_WEIGHT = 250_000;

    /** How long a stale manifest is used before the catalog is asked again: somebody has to wait for that. */
    private static final Duration STALE_RETRY = Duration.ofSeconds(5);

    private final Catalog catalog;
    private final Listener listener;
    private final Cache<DownloadId, Lookup> fresh;
    private final Cache<DownloadId, Manifest> last;
    private final Set<DownloadId> stale = ConcurrentHashMap.newKeySet();
    private final AtomicInteger staleCount = new AtomicInteger();

    /** Hears when the first download goes on with a stale manifest, and when the last one no longer does. Must not block. */
    public interface Listener {
        /** @param reason for the log */
        void entered(DownloadId first, String reason);

        void left(DownloadId last);
    }

    /** @param freshness how long a manifest is used without asking the catalog again */
    public KnownManifests(Catalog catalog, Duration freshness, Listener listener, Ticker ticker) {
        this.catalog = catalog;
        this.listener = listener;
        Duration staleFor = freshness.compareTo(STALE_RETRY) < 0 ? STALE_RETRY : freshness;
        this.fresh = Caffeine.newBuilder()
                .maximumWeight(MAX_WEIGHT)
                .weigher((DownloadId id, Lookup lookup) -> weight(lookup))
                .expireAfter(Expiry.writing((DownloadId id, Lookup lookup) -> isStale(id) ? staleFor : freshness))
                .ticker(ticker::nanos)
                .build();
        this.last = Caffeine.newBuilder()
                .maximumWeight(MAX_WEIGHT)
                .weigher((DownloadId id, Manifest manifest) -> weight(manifest))
                .evictionListener((@Nullable DownloadId id, @Nullable Manifest manifest, RemovalCause cause) -> {
                    if (id != null) {
                        recovered(id);
                    }
                })
                .build();
    }

    /** The manifest when it is known and need not be asked for now, else null. Never blocks. */
    public @Nullable Manifest fresh(DownloadId id) {
        return fresh.getIfPresent(id) instanceof Lookup.Found(Manifest manifest) ? manifest : null;
    }

    /** Whether the catalog could not tell when it was asked last, so that an earlier manifest is used. */
    public boolean isStale(DownloadId id) {
        return stale.contains(id);
    }

    /** Downloads that go on with a stale manifest. */
    public int staleCount() {
        return staleCount.get();
    }

    /** As {@link Catalog#find}, remembering what was found; callers for one id wait for one look-up. */
    public Lookup find(DownloadId id, Deadline deadline) {
        // Computed inside the cache: a store that comes in between waits, and then drops what was read before it.
        return fresh.get(id, key -> look(key, deadline));
    }

    private Lookup look(DownloadId id, Deadline deadline) {
        Lookup lookup = catalog.find(id, deadline);
        switch (lookup) {
            case Lookup.Found(Manifest manifest) -> {
                last.put(id, manifest);
                recovered(id);
            }
            case Lookup.Unknown() -> {
                last.invalidate(id);
                recovered(id);
            }
            case Lookup.Unavailable(String reason) -> {
                Manifest known = last.getIfPresent(id);
                if (known != null) {
                    failed(id, reason);
                    return new Lookup.Found(known);
                }
            }
        }
        return lookup;
    }

    /** As {@link Catalog#store}; from then on this instance answers with the new manifest. */
    public Storing store(Manifest manifest, Deadline deadline) {
        Storing storing = catalog.store(manifest, deadline);
        switch (storing) {
            case Storing.Created(), Storing.Replaced() -> last.put(manifest.id(), manifest);
            case Storing.Conflict(), Storing.Failed(String _) -> {}
        }
        fresh.invalidate(manifest.id());
        return storing;
    }

    /** The catalog has changed: it is asked again for each id that is wanted. Manifests under way go on. */
    public void askAnew() {
        fresh.invalidateAll();
    }

    private void failed(DownloadId id, String reason) {
        if (stale.add(id) && staleCount.incrementAndGet() == 1) {
            listener.entered(id, reason);
        }
    }

    private void recovered(DownloadId id) {
        if (stale.remove(id) && staleCount.decrementAndGet() == 0) {
            listener.left(id);
        }
    }

    private static int weight(Lookup lookup) {
        return lookup instanceof Lookup.Found(Manifest manifest) ? weight(manifest) : 1;
    }

    static int weight(Manifest manifest) {
        return manifest.digests() == null
                ? 1
                : 1 + manifest.digests().chunkSha256().size();
    }
}
