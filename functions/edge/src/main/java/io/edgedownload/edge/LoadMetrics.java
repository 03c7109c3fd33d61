package io.edgedownload.edge;

import io.edgedownload.engine.AttemptListener;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts what the engine does. Probes are not counted: they tell of publishing, not of downloads. */
@Singleton
final class LoadMetrics implements AttemptListener {
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
    public Watch begin(Goal goal) {
        return new Watch() {
            @Override
            public Map<String, String> fields() {
                return Map.of();
            }

            @Override
            public void delivered(int lengthBytes, Course course) {
                if (!goal.isProbe()) {
                    countDelivered(name(goal.tier()), lengthBytes, course);
                }
            }

            @Override
            public void failed(Failure failure, Course course) {
                if (!goal.isProbe()) {
                    countFailed(name(goal.tier()), name(failure.kind()));
                }
            }

            @Override
            public void abandoned(Course course) {
                if (!goal.isProbe()) {
                    countFailed(name(goal.tier()), "abandoned");
                }
            }
        };
    }

    private void countDelivered(String tier, int lengthBytes, Course course) {
        registry.counter("edge.fetch.delivered", "tier", tier).increment();
        registry.counter("edge.fetch.bytes", "tier", tier).increment(lengthBytes);
        registry.timer("edge.fetch.first.byte", "tier", tier)
                .record(course.timings().firstByteNanos(), TimeUnit.NANOSECONDS);
    }

    private void countFailed(String tier, String reason) {
        registry.counter("edge.fetch.failed", "tier", tier, "reason", reason).increment();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
