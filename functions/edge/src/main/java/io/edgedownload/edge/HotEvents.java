package io.edgedownload.edge;

import io.edgedownload.engine.FetchAhead;
import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.HotSet;
import io.edgedownload.engine.cache.SsdTier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/** Has what is hot kept on disk and fetched ahead, and tells operators whether the set is a present one. */
final class HotEvents implements HotSetExchange.Listener {
    private static final Logger LOG = Logger.getLogger(HotEvents.class);

    private final SsdTier ssd;
    private final FetchAhead ahead;
    private final Executor executor;
    private final MeterRegistry registry;

    HotEvents(SsdTier ssd, FetchAhead ahead, Executor executor, MeterRegistry registry) {
        this.ssd = ssd;
        this.ahead = ahead;
        this.executor = executor;
        this.registry = registry;
    }

    void watch(HotSetExchange exchange) {
        Gauge.builder("edge.hot.chunks", exchange, now -> now.current().chunks().size())
                .description("Chunks that are asked for most on all instances together")
                .register(registry);
        Gauge.builder("edge.hot.reached", exchange, now -> now.reached() == HotSetExchange.Reached.YES ? 1 : 0)
                .description("Whether etcd answers")
                .register(registry);
        FunctionCounter.builder("edge.hot.fetched", ahead, FetchAhead::fetched)
                .description("Chunks that were fetched ahead")
                .register(registry);
    }

    @Override
    public void changed(HotSet set) {
        SequencedMap<ChunkKey, Integer> lengths = new LinkedHashMap<>();
        set.chunks().forEach(chunk -> lengths.put(chunk.key(), chunk.lengthBytes()));
        ssd.spare(lengths);
    }

    @Override
    public void round(HotSet set) {
        executor.execute(() -> {
            try {
                ahead.run(set);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void reached() {
        LOG.info("the hot set is shared through etcd");
    }

    @Override
    public void away(String reason) {
        LOG.warnf("etcd cannot be reached (%s); the last hot set holds until it can", reason);
    }
}
