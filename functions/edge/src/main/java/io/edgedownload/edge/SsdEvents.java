package io.edgedownload.edge;

import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.engine.cache.Trouble;
import io.edgedownload.engine.time.Ticker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells operators whether chunks are kept on disk, and if not, how they can be. */
@Singleton
final class SsdEvents implements SsdTier.Listener {
    private static final Logger LOG = Logger.getLogger(SsdEvents.class);

    /** A disk that goes bad must not fill the log. */
    private static final long BAD_TOLD_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private static final AttributeKey<Long> CHUNK = AttributeKey.longKey("edge.chunk.number");
    private static final AttributeKey<Boolean> GOOD = AttributeKey.booleanKey("edge.disk.good");

    private final MeterRegistry registry;
    private final StepSpans steps;
    private final Ticker ticker;
    private final AtomicLong badToldNanos;

    SsdEvents(MeterRegistry registry, StepSpans steps, Ticker ticker) {
        this.registry = registry;
        this.steps = steps;
        this.ticker = ticker;
        this.badToldNanos = new AtomicLong(ticker.nanos() - BAD_TOLD_EVERY_NANOS);
    }

    void watch(SsdTier tier) {
        gauge(tier, "edge.cache.ssd.used", "bytes", "Files of chunks on disk", SsdTier.Statistics::bytes);
        gauge(tier, "edge.cache.ssd.chunks", null, "Chunks on disk", SsdTier.Statistics::chunks);
        gauge(
                tier,
                "edge.cache.ssd.queued",
                "bytes",
                "Chunks that wait to be written",
                SsdTier.Statistics::queuedBytes);
        gauge(
                tier,
                "edge.cache.ssd.usable",
                null,
                "1 while chunks are kept on disk, 0 while they cannot be",
                now -> now.trouble() == null ? 1 : 0);
        counter(tier, "edge.cache.ssd.written", "Chunks that were written", SsdTier.Statistics::written);
        counter(
                tier,
                "edge.cache.ssd.dropped",
                "Chunks that were not, because too many waited or nothing could be",
                SsdTier.Statistics::dropped);
        counter(tier, "edge.cache.ssd.bad", "Files with other bytes than were written", SsdTier.Statistics::bad);
    }

    private void gauge(
            SsdTier tier,
            String name,
            @Nullable String unit,
            String description,
            ToDoubleFunction<SsdTier.Statistics> value) {
        Gauge.builder(name, tier, now -> value.applyAsDouble(now.statistics()))
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }

    private void counter(SsdTier tier, String name, String description, ToDoubleFunction<SsdTier.Statistics> value) {
        FunctionCounter.builder(name, tier, now -> value.applyAsDouble(now.statistics()))
                .description(description)
                .register(registry);
    }

    @Override
    public void usable(Path directory, long chunks) {
        LOG.infof("chunks are kept in %s, %d are there", directory, chunks);
    }

    @Override
    public void unusable(Path directory, Trouble trouble, String detail) {
        LOG.warnf(
                "edge.cache.ssd.directory %s cannot be used by uid %s: %s. %s Until then chunks are kept in memory only.",
                directory, uid(), detail, cure(trouble));
    }

    @Override
    public void bad(String file, String reason) {
        long nowNanos = ticker.nanos();
        long toldNanos = badToldNanos.get();
        if (nowNanos - toldNanos >= BAD_TOLD_EVERY_NANOS && badToldNanos.compareAndSet(toldNanos, nowNanos)) {
            LOG.errorf(
                    "the chunk in file %s is not what was written: %s. It is put aside and fetched again; if it happens"
                            + " more often, look at the disk.",
                    file, reason);
        }
    }

    @Override
    public void read(ChunkKey key, boolean good, long tookNanos) {
        steps.took(Context.current(), "disk-read", tookNanos, attributes(key, good));
    }

    @Override
    public void written(ChunkKey key, boolean good, long tookNanos) {
        steps.took(Context.current(), "disk-write", tookNanos, attributes(key, good));
    }

    private static Attributes attributes(ChunkKey key, boolean good) {
        return Attributes.of(CHUNK, key.index() + 1, GOOD, good);
    }

    static String cure(Trouble trouble) {
        return switch (trouble) {
            case NOT_PERMITTED ->
                "Let that user write there (in Kubernetes: securityContext.fsGroup on an emptyDir), or name another"
                        + " directory.";
            case READ_ONLY -> "Mount something writable there (in Kubernetes: an emptyDir), or name another directory.";
            case FULL ->
                "Free some space, or set edge.cache.ssd.max-size and edge.cache.ssd.min-free so that both have room.";
            case IN_USE -> "Give each process a directory of its own.";
            case NO_DIRECTORY -> "Make it a directory, or name another one.";
            case OTHER -> "Look at the disk, or name another directory.";
        };
    }

    /** Where the kernel tells it; elsewhere the name. */
    private static String uid() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name", "unknown");
        }
    }
}
