package io.edgedownload.edge;

import io.edgedownload.engine.ChunkLoader;
import io.edgedownload.engine.Filling;
import io.edgedownload.engine.Outages;
import io.edgedownload.engine.Revalidation;
import io.edgedownload.engine.SharedChunks;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Loads chunks as part of the trace of the request that asked for them, which may have been answered meanwhile, and counts the
 * attempts of each load. What becomes of a load tells whether its download can be loaded at all, and whether it is still what
 * was published.
 */
record TracedLoader(
        ChunkTiers tiers, Optional<SharedChunks> shared, Outages outages, Revalidation revalidation, Ticker ticker)
        implements ChunkLoader {
    private static final ContextKey<AtomicInteger> ATTEMPTS = ContextKey.named("attempts");

    @Override
    public ChunkLoader forCaller() {
        Context caller = Context.current();
        return (manifest, index, reach, tenant, deadline) -> load(caller, manifest, index, reach, tenant, deadline);
    }

    @Override
    public Loaded load(Manifest manifest, long index, Reach reach, String tenant, Deadline deadline)
            throws InterruptedException {
        return load(Context.current(), manifest, index, reach, tenant, deadline);
    }

    private Loaded load(Context caller, Manifest manifest, long index, Reach reach, String tenant, Deadline deadline)
            throws InterruptedException {
        try (Scope _ = caller.with(ATTEMPTS, new AtomicInteger()).makeCurrent();
                Filling filling = new Filling(manifest, index, tenant)) {
            if (shared.isPresent() && shared.get().load(manifest, index, deadline) instanceof Loaded.Ready ready) {
                outages.ended(manifest);
                return ready;
            }
            long startNanos = ticker.nanos();
            Loaded loaded = tiers.load(filling, reach, deadline);
            takeNote(manifest, index, loaded, ticker.nanos() - startNanos);
            if (filling.isContradicted()) {
                revalidation.doubt(manifest);
            }
            return loaded;
        }
    }

    private void takeNote(Manifest manifest, long index, Loaded loaded, long tookNanos) {
        switch (loaded) {
            case Loaded.Ready ready -> {
                outages.ended(manifest);
                if (ready.tier() == Tier.ORIGIN) {
                    shared.ifPresent(store -> store.offer(manifest, index, ready.chunk()));
                }
            }
            case Loaded.Unavailable(Failure failure) -> outages.failed(manifest, failure, tookNanos);
        }
    }

    /** The number of an attempt that begins now, counted from 1 over all rounds and tiers of one load; null outside of any. */
    static @Nullable Integer nextAttempt() {
        AtomicInteger attempts = Context.current().get(ATTEMPTS);
        return attempts == null ? null : attempts.incrementAndGet();
    }
}
