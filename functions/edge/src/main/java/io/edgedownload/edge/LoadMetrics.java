package io.edgedownload.edge;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.SharedChunks;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Timings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Counts what the engine does. Probes are not counted: they tell of publishing, not of downloads. */
@Singleton
final class LoadMetrics {
    /** Between these two lie the bounds of the histograms: what is shorter is fast, what is longer was given up. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final MeterRegistry registry;

    LoadMetrics(MeterRegistry registry) {
        this.registry = registry;
        List.of("won", "lost", "failed").forEach(this::hedges);
    }

    /** There from the start, so that the first one is a change. */
    private Counter hedges(String outcome) {
        return Counter.builder("edge.fetch.hedges")
                .tag("outcome", outcome)
                .description("Second requests to another address")
                .register(registry);
    }

    /** Shows how full the cache is, and how often it has what is asked for. */
    void watch(ChunkCache cache) {
        hits(cache, "memory", ChunkCache.Ways::memoryHits);
        hits(cache, "ssd", ChunkCache.Ways::ssdHits);
        FunctionCounter.builder("edge.cache.loads", cache, now -> now.ways().loads())
                .description("Chunks that were in no tier of the cache, and were not being loaded")
                .register(registry);
        Gauge.builder("edge.cache.memory.used", cache, ChunkCache::cachedBytes)
                .baseUnit("bytes")
                .description("Chunks in memory")
                .register(registry);
        Gauge.builder("edge.fill.in.flight", cache, ChunkCache::inFlightBytes)
                .baseUnit("bytes")
                .description("Chunks that are being fetched, or held after the cache dropped them")
                .register(registry);
    }

    private void hits(ChunkCache cache, String tier, ToDoubleFunction<ChunkCache.Ways> count) {
        FunctionCounter.builder("edge.cache.hits", cache, now -> count.applyAsDouble(now.ways()))
                .tag("tier", tier)
                .description("Chunks that were in the cache")
                .register(registry);
    }

    /** Shows what becomes of chunks that are stored for other instances. */
    void watch(SharedChunks shared) {
        stored(shared, "stored", SharedChunks.Statistics::stored);
        stored(shared, "already-there", SharedChunks.Statistics::alreadyThere);
        stored(shared, "failed", SharedChunks.Statistics::failed);
        stored(shared, "dropped", SharedChunks.Statistics::dropped);
        Gauge.builder("edge.s3.fill.queued", shared, now -> now.statistics().queuedBytes())
                .baseUnit("bytes")
                .description("Chunks that wait to be stored for other instances")
                .register(registry);
    }

    private void stored(SharedChunks shared, String outcome, ToDoubleFunction<SharedChunks.Statistics> count) {
        FunctionCounter.builder("edge.s3.fill", shared, now -> count.applyAsDouble(now.statistics()))
                .tag("outcome", outcome)
                .description("Chunks to store for other instances")
                .register(registry);
    }

    void delivered(Goal goal, int lengthBytes, Course course) {
        if (!goal.isProbe()) {
            String tier = FetchTelemetry.name(goal.tier());
            registry.counter("edge.fetch.delivered", "tier", tier).increment();
            registry.counter("edge.fetch.bytes", "tier", tier).increment(lengthBytes);
            hedged(goal, "won");
            record(tier, course.timings());
        }
    }

    /** Its steps are recorded as far as it came. */
    void outrun(Goal goal, Course course) {
        hedged(goal, "lost");
        record(FetchTelemetry.name(goal.tier()), course.timings());
    }

    private void hedged(Goal goal, String outcome) {
        if (goal.hedge()) {
            hedges(outcome).increment();
        }
    }

    /** @param reason one of a few words */
    void failed(Goal goal, String reason, Course course) {
        if (!goal.isProbe()) {
            String tier = FetchTelemetry.name(goal.tier());
            registry.counter("edge.fetch.failed", "tier", tier, "reason", reason)
                    .increment();
            hedged(goal, "failed");
            record(tier, course.timings());
        }
    }

    /** Of failures too: the slowest steps are those that were given up. */
    private void record(String tier, Timings timings) {
        record("edge.fetch.dns", "To resolve the name", tier, timings.dnsNanos());
        record("edge.fetch.connection.wait", "For a pooled connection", tier, timings.waitNanos());
        record("edge.fetch.connect", "To make a connection, without TLS", tier, timings.connectNanos());
        record("edge.fetch.tls", "For the TLS handshake", tier, timings.tlsNanos());
        record("edge.fetch.first.byte", "From the request to the answer's head", tier, timings.firstByteNanos());
        record("edge.fetch.body", "From the head to the last byte", tier, timings.bodyNanos());
    }

    private void record(String name, String description, String tier, long nanos) {
        // A step that was not taken: a pooled connection is not made, a new one not waited for.
        if (nanos > 0) {
            Timer.builder(name)
                    .description(description)
                    .tag("tier", tier)
                    .publishPercentileHistogram()
                    .minimumExpectedValue(SHORTEST)
                    .maximumExpectedValue(LONGEST)
                    .register(registry)
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
