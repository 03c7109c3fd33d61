package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.Deadline;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loads a chunk from the sources of its manifest, in their order; each that fails is left for the next. */
public final class OriginTier {
    private final ChunkFetch fetch;

    public OriginTier(ChunkFetch fetch) {
        this.fetch = fetch;
    }

    public Loaded load(Manifest manifest, long index, Deadline deadline) throws InterruptedException {
        @Nullable Failure worst = null;
        for (Source source : manifest.sources()) {
            if (deadline.passed()) {
                worst = moreTelling(worst, Failure.of(Kind.TIMEOUT, "no time is left for another source"));
                break;
            }
            switch (fetch.load(manifest, index, Tier.ORIGIN, source.uri(), source.validator(), deadline)) {
                case Loaded.Ready ready -> {
                    return ready;
                }
                case Loaded.Unavailable(Failure failure) -> worst = moreTelling(worst, failure);
            }
        }
        return new Loaded.Unavailable(
                Optional.ofNullable(worst).orElseThrow(() -> new AssertionError("a manifest has a source")));
    }

    /** Of two failures the one that a client should hear of. */
    public static Failure moreTelling(@Nullable Failure one, Failure other) {
        return one == null || Comparator.comparing(Failure::kind).compare(one, other) > 0 ? other : one;
    }
}
