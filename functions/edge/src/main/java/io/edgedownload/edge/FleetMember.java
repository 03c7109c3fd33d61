package io.edgedownload.edge;

import io.edgedownload.engine.Outages;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.HotChunk;
import io.edgedownload.engine.cache.HotCounts;
import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.fleet.FleetPeer;
import io.edgedownload.fleet.v1.Breaker;
import io.edgedownload.fleet.v1.BreakerState;
import io.edgedownload.fleet.v1.Chunk;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Hello;
import io.edgedownload.fleet.v1.Limits;
import io.edgedownload.fleet.v1.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** This instance, as coordinators see it. */
final class FleetMember implements FleetPeer {
    private static final Logger LOG = Logger.getLogger(FleetMember.class);

    /** See {@code fleet.proto}. */
    private static final int MOST_BREAKERS = 64;

    private static final int MOST_HOT = 50;

    private final String instance = UUID.randomUUID().toString();
    private final EdgeConfig config;
    private final Seen seen;
    private final FleetReports reports;
    private final FleetOrders orders;
    private final AtomicBoolean awayTold = new AtomicBoolean();

    /** What of the engine is told. */
    record Seen(
            ChunkCache cache, Optional<SsdTier> ssd, Breakers breakers, Outages outages, Optional<HotCounts> counts) {}

    FleetMember(EdgeConfig config, Seen seen, FleetReports reports, FleetOrders orders) {
        this.config = config;
        this.seen = seen;
        this.reports = reports;
        this.orders = orders;
    }

    @Override
    public Hello hello() {
        return Hello.newBuilder()
                .setInstance(instance)
                .setRole(Role.ROLE_EDGE)
                .setZone(config.coordinator().zone().orElse(""))
                .setVersion(ConfigProvider.getConfig()
                        .getOptionalValue("quarkus.application.version", String.class)
                        .orElse(""))
                .setLimits(Limits.newBuilder()
                        .setMemoryBytes(config.cache().memory().maxSize().asLongValue())
                        .setDiskBytes(seen.ssd()
                                .map(_ -> config.cache().ssd().maxSize().asLongValue())
                                .orElse(0L))
                        .setInFlightBytes(config.fill().inFlightMax().asLongValue()))
                .build();
    }

    @Override
    public Heartbeat heartbeat() {
        ChunkCache.Ways ways = seen.cache().ways();
        return Heartbeat.newBuilder()
                .setMemoryUsedBytes(seen.cache().cachedBytes())
                .setDiskUsedBytes(
                        seen.ssd().map(tier -> tier.statistics().bytes()).orElse(0L))
                .setMemoryHits(ways.memoryHits())
                .setDiskHits(ways.ssdHits())
                .setMisses(ways.loads())
                .setInFlightBytes(seen.cache().inFlightBytes())
                .addAllConditions(conditions())
                .addAllBreakers(breakers())
                .addAllHot(hot())
                .build();
    }

    private List<Condition> conditions() {
        Stream<Condition> degraded =
                seen.outages().count() > 0 ? Stream.of(Condition.CONDITION_DEGRADED) : Stream.empty();
        return Stream.concat(reports.network().stream(), degraded).toList();
    }

    /** The open ones first: others depend on them. */
    private List<Breaker> breakers() {
        return seen.breakers().all().entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().status()))
                .filter(entry -> entry.getValue() != Status.CLOSED)
                .sorted(Comparator.comparing(Map.Entry::getValue))
                .limit(MOST_BREAKERS)
                .map(entry -> Breaker.newBuilder()
                        .setOrigin(entry.getKey())
                        .setState(
                                entry.getValue() == Status.OPEN
                                        ? BreakerState.BREAKER_STATE_OPEN
                                        : BreakerState.BREAKER_STATE_HALF_OPEN)
                        .build())
                .toList();
    }

    private List<Chunk> hot() {
        return seen.counts().stream()
                .flatMap(counts -> counts.hottest(MOST_HOT).stream())
                .map(FleetMember::chunk)
                .toList();
    }

    private static Chunk chunk(HotChunk hot) {
        return Chunk.newBuilder()
                .setId(hot.key().id().value())
                .setGeneration(hot.key().generation())
                .setIndex(hot.key().index())
                .setSizeBytes(hot.key().chunkSizeBytes())
                .setLengthBytes(hot.lengthBytes())
                .setScore(hot.score())
                .build();
    }

    @Override
    public void ordered(Directive directive) {
        orders.obey(directive);
    }

    @Override
    public void joined(String coordinator) {
        awayTold.set(false);
        LOG.infof("coordinator %s knows of this instance as %s", coordinator, instance);
    }

    @Override
    public void away(String reason) {
        if (!awayTold.getAndSet(true)) {
            LOG.warnf("no coordinator hears of this instance (%s); it goes on alone, and tries again", reason);
        }
    }
}
