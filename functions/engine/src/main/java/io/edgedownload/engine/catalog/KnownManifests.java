package io.edgedownload.engine.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog said a moment ago, so that a hit does not wait for it, and a flood of unknown ids does not reach it more often
 * than once a freshness each. A change made by another instance is seen after the freshness; one made here, at once.
 */
public final class KnownManifests {
    /** A look-up weighs 1 and each digest in it another; with about 120 bytes a digest that is some 30 MB. */
    static final int MAX_WEIGHT = 250_000;

    private final Catalog catalog;
    private final Cache<DownloadId, Lookup> fresh;

    /** @param freshness how long a manifest is used without asking the catalog again */
    public KnownManifests(Catalog catalog, Duration freshness, Ticker ticker) {
        this.catalog = catalog;
        this.fresh = Caffeine.newBuilder()
                .maximumWeight(MAX_WEIGHT)
                .weigher((DownloadId id, Lookup lookup) -> weight(lookup))
                .expireAfterWrite(freshness)
                .ticker(ticker::nanos)
                .build();
    }

    /** The manifest when it is known and fresh, else null. Never blocks. */
    public @Nullable Manifest fresh(DownloadId id) {
        return fresh.getIfPresent(id) instanceof Lookup.Found(Manifest manifest) ? manifest : null;
    }

    /** As {@link Catalog#find}, remembering what was found; callers for one id wait for one look-up. */
    public Lookup find(DownloadId id, Deadline deadline) {
        // Computed inside the cache: a store that comes in between waits, and then drops what was read before it.
        return fresh.get(id, key -> catalog.find(key, deadline));
    }

    /** As {@link Catalog#store}; from then on this instance answers with the new manifest. */
    public Storing store(Manifest manifest, Deadline deadline) {
        Storing storing = catalog.store(manifest, deadline);
        fresh.invalidate(manifest.id());
        return storing;
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
