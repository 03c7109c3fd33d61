package io.edgedownload.edge;

import io.edgedownload.engine.LoadListener;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.request.DownloadId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts what the engine does. */
@Singleton
final class LoadMetrics implements LoadListener {
    private final MeterRegistry registry;

    LoadMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how full the cache is. */
    void watch(ChunkCache cache) {
        Gauge.builder("edge.cache.memory.used", cache, ChunkCache::cachedBytes)
                .baseUnit("bytes")
                .description("Chunks in memory")
                .register(registry);
        Gauge.builder("edge.fill.in.flight", cache, ChunkCache::inFlightBytes)
                .baseUnit("bytes")
                .description("Chunks that are being fetched, or held after the cache dropped them")
                .register(registry);
    }

    @Override
    public void delivered(Tier tier, int lengthBytes, Timings timings) {
        registry.counter("edge.fetch.delivered", "tier", name(tier)).increment();
        registry.counter("edge.fetch.bytes", "tier", name(tier)).increment(lengthBytes);
        registry.timer("edge.fetch.first.byte", "tier", name(tier))
                .record(timings.firstByteNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(DownloadId id, Tier tier, Failure failure) {
        registry.counter("edge.fetch.failed", "tier", name(tier), "reason", name(failure.kind()))
                .increment();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
