package io.edgedownload.edge;

import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.Pool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of connections by origin. Of these there is a bounded number, for anybody who may publish can name another: an
 * origin beyond it takes the place of one that has nothing to show, or is counted among the {@value #OTHERS}.
 */
final class PoolGauges {
    static final int MOST = 32;

    private static final String OTHERS = "other";

    private final MeterRegistry registry;
    private final AtomicReference<Supplier<Map<Origin, Pool>>> pools = new AtomicReference<>(Map::of);
    private final Map<Origin, List<Meter>> shown = new ConcurrentHashMap<>();
    private final ReentrantLock changing = new ReentrantLock();

    PoolGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param now what there is for each origin when it is asked */
    void watch(Supplier<Map<Origin, Pool>> now) {
        pools.set(now);
        var _ = register(OTHERS, this::others);
    }

    /** Gives the origin gauges of its own, if there is room. */
    void show(Origin origin) {
        if (shown.containsKey(origin)) {
            return;
        }
        changing.lock();
        try {
            if (shown.size() >= MOST) {
                hideWhatIsGone();
            }
            if (shown.size() < MOST && !shown.containsKey(origin)) {
                shown.put(
                        origin,
                        register(origin.toString(), () -> pools.get().get().getOrDefault(origin, Pool.EMPTY)));
            }
        } finally {
            changing.unlock();
        }
    }

    private void hideWhatIsGone() {
        Set<Origin> present = pools.get().get().keySet();
        shown.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                entry.getValue().forEach(registry::remove);
            }
            return gone;
        });
    }

    private Pool others() {
        return pools.get().get().entrySet().stream()
                .filter(entry -> !shown.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(Pool.EMPTY, Pool::plus);
    }

    private List<Meter> register(String origin, Supplier<Pool> pool) {
        Tags tags = Tags.of("origin", origin);
        String connections = "edge.connect.connections";
        return List.of(
                gauge(connections, "Connections", tags.and("state", "idle"), pool, Pool::idle),
                gauge(connections, "Connections", tags.and("state", "leased"), pool, Pool::leased),
                gauge(connections, "Connections", tags.and("state", "closing"), pool, Pool::closing),
                gauge("edge.connect.places", "Places taken", tags, pool, Pool::places),
                gauge("edge.connect.waiting", "Requests that wait for a place", tags, pool, Pool::waiting),
                gauge("edge.connect.demoted", "Addresses that are tried last", tags, pool, Pool::demoted));
    }

    private Meter gauge(String name, String description, Tags tags, Supplier<Pool> pool, ToDoubleFunction<Pool> value) {
        Supplier<Number> number = () -> value.applyAsDouble(pool.get());
        return Gauge.builder(name, number).description(description).tags(tags).register(registry);
    }
}
