package io.edgedownload.edge;

import io.edgedownload.engine.ChunkFetch;
import io.edgedownload.engine.Digester;
import io.edgedownload.engine.Download;
import io.edgedownload.engine.FetchAhead;
import io.edgedownload.engine.OriginTier;
import io.edgedownload.engine.Outages;
import io.edgedownload.engine.Probes;
import io.edgedownload.engine.Publisher;
import io.edgedownload.engine.Quarantine;
import io.edgedownload.engine.Revalidation;
import io.edgedownload.engine.S3Documents;
import io.edgedownload.engine.SharedChunks;
import io.edgedownload.engine.SourceCheck;
import io.edgedownload.engine.StoreTier;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.breaker.RetryBudget;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.HotCounts;
import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.engine.catalog.BoundedCatalog;
import io.edgedownload.engine.catalog.Catalog;
import io.edgedownload.engine.catalog.DirectoryCatalog;
import io.edgedownload.engine.catalog.DocumentCatalog;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.connect.Clocks;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.SourcePolicy;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.request.SigningKeys;
import io.edgedownload.engine.resolve.DnsResolver;
import io.edgedownload.engine.resolve.Resolver;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import io.edgedownload.engine.verify.Verifier;
import io.edgedownload.etcd.EtcdGateway;
import io.edgedownload.etcd.EtcdLeased;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import io.quarkus.arc.DefaultBean;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ObjIntConsumer;

/** Puts the engine together from its configuration, from left to right. */
final class Wiring {
    /** Netty's page size, and the order that makes an arena grow by 16 MiB: the largest chunk. */
    private static final int PAGE_BYTES = 8 << 10;

    private static final int MAX_ORDER = 11;
    private static final int DIRECT_ARENAS = 2;

    private final EdgeConfig config;

    Wiring(EdgeConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    Ticker ticker() {
        return Ticker.system();
    }

    @Produces
    @Singleton
    SystemTimer timer() {
        return new SystemTimer();
    }

    void close(@Disposes SystemTimer timer) {
        timer.close();
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Without a limit, unless the packaging for a platform brings one. */
    @Produces
    @Singleton
    @DefaultBean
    PlatformTime platformTime() {
        return fields -> Optional.empty();
    }

    @Produces
    @Singleton
    Optional<SigningKeys> signingKeys() {
        return Settings.signingKeys(config);
    }

    @Produces
    @Singleton
    KnownManifests manifests(Catalog catalog, CatalogEvents events, Ticker ticker) {
        KnownManifests manifests = new KnownManifests(catalog, config.catalog().freshness(), events, ticker);
        events.watch(manifests);
        return manifests;
    }

    @Produces
    @Singleton
    Catalog catalog(Fetcher fetcher, PresignedRanges presigned, WaitingThreads threads) {
        EdgeConfig.CatalogS3 s3 = config.catalog().s3();
        EdgeConfig.CatalogConsul consul = config.catalog().consul();
        Catalog catalog = switch (config.catalog().type()) {
            case DIRECTORY -> new DirectoryCatalog(config.catalog().directory());
            case S3 ->
                new DocumentCatalog(
                        new S3Documents(s3.bucket().orElseThrow(), s3.prefix(), fetcher, presigned),
                        config.catalog().timeout());
            case CONSUL ->
                new DocumentCatalog(
                        new ConsulDocuments(
                                consul(consul), consul.prefix(), consul.token().orElse(null), threads),
                        config.catalog().timeout());
        };
        return new BoundedCatalog(
                catalog, config.catalog().maxLookups(), config.catalog().timeout());
    }

    private static ConsulKeyValue consul(EdgeConfig.CatalogConsul config) {
        return QuarkusRestClientBuilder.newBuilder().baseUri(config.url()).build(ConsulKeyValue.class);
    }

    @Produces
    @Singleton
    Optional<ConsulChanges> consulChanges(KnownManifests manifests, Timer timer, WaitingThreads threads) {
        EdgeConfig.CatalogConsul consul = config.catalog().consul();
        return config.catalog().type() == EdgeConfig.CatalogType.CONSUL
                ? Optional.of(new ConsulChanges(
                        consul(consul),
                        consul.prefix(),
                        consul.token().orElse(null),
                        manifests::askAnew,
                        timer,
                        threads))
                : Optional.empty();
    }

    @Produces
    @Singleton
    DnsResolver resolver(WaitingThreads threads, Timer timer, Ticker ticker, ResolveEvents events) {
        DnsResolver resolver = new DnsResolver(DnsSettings.of(config.dns()), threads, timer, ticker, events);
        events.watch(resolver);
        return resolver;
    }

    @Produces
    @Singleton
    Connector connector(Vertx vertx, Ticker ticker, Timer timer, InstantSource clock, ConnectEvents events) {
        SourcePolicy policy = Settings.checked(
                "edge.sources.allow",
                () -> new SourcePolicy(config.sources().allow().orElse(List.of())));
        Connector connector = new Connector(
                vertx, policy, ConnectLimits.of(config.connect()), new Clocks(ticker, timer, clock), events);
        events.watch(connector);
        return connector;
    }

    void close(@Disposes Connector connector) {
        connector.close();
    }

    @Produces
    @Singleton
    Fetcher fetcher(Vertx vertx, Resolver resolver, Connector connector) {
        return new Fetcher(
                vertx,
                resolver,
                connector,
                new PooledByteBufAllocator(true, 0, DIRECT_ARENAS, PAGE_BYTES, MAX_ORDER, 0, 0, false),
                new Fetcher.Limits(
                        config.connect().timeout(),
                        config.fetch().attemptTimeout(),
                        config.fetch().progressFloor().asLongValue(),
                        config.fetch().progressWindow()));
    }

    @Produces
    @Singleton
    ChunkFetch chunkFetch(Fetcher fetcher, Ticker ticker, FetchTelemetry telemetry) {
        return new ChunkFetch(fetcher, new Verifier(ticker), telemetry);
    }

    @Produces
    @Singleton
    Breakers breakers(BreakerEvents events, Ticker ticker) {
        Breakers breakers = new Breakers(Breakers.MOST, BreakerSettings.of(config.breaker()), events::changed, ticker);
        events.watch(breakers);
        return breakers;
    }

    @Produces
    @Singleton
    OriginTier originTier(ChunkFetch fetch, Breakers breakers, Ticker ticker) {
        return new OriginTier(
                fetch,
                breakers,
                new RetryBudget(BreakerSettings.of(config.retry()), ticker),
                new Quarantine(config.sources().quarantine(), ticker),
                config.deadline().minimumAttempt(),
                config.retry().hedge(),
                ticker);
    }

    @Produces
    @Singleton
    StoreTier storeTier(ChunkFetch fetch, PresignedRanges presigned) {
        return new StoreTier(fetch, presigned);
    }

    @Produces
    @Singleton
    PresignedRanges presigned(InstantSource clock) {
        return S3Access.presigned(config.s3(), clock);
    }

    void close(@Disposes PresignedRanges presigned) {
        presigned.close();
    }

    @Produces
    @Singleton
    Optional<SsdTier> ssd(WaitingThreads threads, Timer timer, Ticker ticker, SsdEvents events) {
        EdgeConfig.Cache.Ssd ssd = config.cache().ssd();
        if (ssd.directory().isEmpty()) {
            return Optional.empty();
        }
        SsdTier tier = new SsdTier(
                new SsdTier.Settings(
                        ssd.directory().get(),
                        ssd.maxSize().asLongValue(),
                        ssd.minFree().asLongValue(),
                        ssd.fsync(),
                        ssd.queueMax().asLongValue(),
                        ssd.openFiles(),
                        ssd.scrubRate().asLongValue()),
                threads,
                timer,
                ticker,
                events);
        events.watch(tier);
        tier.start();
        return Optional.of(tier);
    }

    void close(@Disposes Optional<SsdTier> tier) {
        tier.ifPresent(SsdTier::close);
    }

    @Produces
    @Singleton
    ChunkCache cache(Optional<SsdTier> ssd, WaitingThreads threads, LoadMetrics metrics) {
        ChunkCache cache = new ChunkCache(
                new ChunkCache.Limits(
                        CacheMemory.fitting(
                                config.cache().memory().maxSize().asLongValue(),
                                config.fill().inFlightMax().asLongValue(),
                                PlatformDependent.maxDirectMemory()),
                        config.fill().inFlightMax().asLongValue(),
                        config.fill().inFlightWait()),
                ssd.orElse(null),
                threads);
        metrics.watch(cache);
        return cache;
    }

    @Produces
    @Singleton
    Outages outages(OutageEvents events, Ticker ticker) {
        Outages outages = new Outages(config.degraded().after(), events, ticker);
        events.watch(outages);
        return outages;
    }

    @Produces
    @Singleton
    Revalidation revalidation(
            Fetcher fetcher,
            FetchTelemetry telemetry,
            Publisher publisher,
            KnownManifests manifests,
            WaitingThreads threads,
            RevalidationEvents events,
            InstantSource clock,
            Ticker ticker) {
        SourceCheck check = new SourceCheck(
                new Probes(fetcher, telemetry),
                publisher,
                manifests,
                config.revalidation().timeout(),
                ticker);
        return new Revalidation(Settings.lifetime(config.revalidation()), check, threads, events, clock, ticker);
    }

    @Produces
    @Singleton
    Download download(
            ChunkCache cache,
            TracedLoader loader,
            PresignedRanges presigned,
            WaitingThreads threads,
            Optional<HotCounts> counts) {
        ObjIntConsumer<ChunkKey> uses = counts.isPresent() ? counts.get()::used : (_, _) -> {};
        return new Download(
                cache,
                loader,
                presigned,
                threads,
                uses,
                new Download.Settings(
                        config.fallback().mode(),
                        config.fallback().redirectMargin(),
                        config.fill().parallelChunks()));
    }

    /** Nobody asks for counts where nobody is told what is hot. */
    @Produces
    @Singleton
    Optional<HotCounts> hotCounts(Ticker ticker) {
        return config.hot()
                .etcd()
                .url()
                .or(() -> config.coordinator().url())
                .map(_ -> new HotCounts(config.hot().size(), ticker));
    }

    @Produces
    @Singleton
    Optional<HotSetExchange> hotSet(
            Optional<HotCounts> counts,
            Optional<SsdTier> ssd,
            ChunkCache cache,
            KnownManifests manifests,
            StoreTier store,
            Outages outages,
            WaitingThreads threads,
            MeterRegistry registry,
            Timer timer,
            Ticker ticker) {
        EdgeConfig.HotEtcd etcd = config.hot().etcd();
        if (counts.isEmpty() || ssd.isEmpty() || etcd.url().isEmpty()) {
            return Optional.empty();
        }
        HotEvents events = new HotEvents(
                ssd.get(), new FetchAhead(ssd.get(), cache, manifests, store, outages, ticker), threads, registry);
        HotSetExchange exchange = new HotSetExchange(
                new EtcdLeased(
                        QuarkusRestClientBuilder.newBuilder()
                                .baseUri(etcd.url().get())
                                .build(EtcdGateway.class),
                        new EtcdLeased.Settings(
                                "edge.hot.etcd",
                                etcd.prefix(),
                                config.hot().lease(),
                                etcd.user().orElse(null),
                                etcd.password().orElse(null),
                                etcd.timeout())),
                UUID.randomUUID().toString(),
                counts.get(),
                new HotSetExchange.Settings(
                        config.hot().size(),
                        config.hot().interval(),
                        config.hot().interval().dividedBy(4)),
                timer,
                threads,
                events);
        events.watch(exchange);
        return Optional.of(exchange);
    }

    @Produces
    @Singleton
    FleetMember.Seen seen(
            ChunkCache cache, Optional<SsdTier> ssd, Breakers breakers, Outages outages, Optional<HotCounts> counts) {
        return new FleetMember.Seen(cache, ssd, breakers, outages, counts);
    }

    /** Only a disk can be warmed. */
    @Produces
    @Singleton
    Optional<WarmOrders> warmOrders(
            Optional<SsdTier> ssd,
            ChunkCache cache,
            KnownManifests manifests,
            StoreTier store,
            Outages outages,
            WaitingThreads threads,
            Ticker ticker) {
        return ssd.filter(_ -> config.coordinator().url().isPresent())
                .map(tier -> new WarmOrders(new FetchAhead(tier, cache, manifests, store, outages, ticker), threads));
    }

    void begin(@Observes StartupEvent started, Optional<HotSetExchange> exchange, Optional<ConsulChanges> changes) {
        exchange.ifPresent(HotSetExchange::start);
        changes.ifPresent(ConsulChanges::start);
    }

    void stop(@Disposes Optional<ConsulChanges> changes) {
        changes.ifPresent(ConsulChanges::close);
    }

    void end(@Disposes Optional<HotSetExchange> exchange) {
        exchange.ifPresent(HotSetExchange::close);
    }

    @Produces
    @Singleton
    TracedLoader loader(
            ChunkTiers tiers,
            Optional<SharedChunks> shared,
            Outages outages,
            Revalidation revalidation,
            Ticker ticker) {
        return new TracedLoader(tiers, shared, outages, revalidation, ticker);
    }

    @Produces
    @Singleton
    Optional<SharedChunks> sharedChunks(
            Fetcher fetcher,
            PresignedRanges presigned,
            Breakers breakers,
            FetchTelemetry telemetry,
            WaitingThreads threads,
            LoadMetrics metrics,
            Ticker ticker) {
        if (!config.s3().fill()) {
            return Optional.empty();
        }
        SharedChunks shared = new SharedChunks(
                new SharedChunks.Settings(
                        config.s3().fillBucket().orElseThrow(),
                        config.s3().fillPrefix(),
                        config.s3().fillQueueMax().asLongValue(),
                        config.s3().fillParallel(),
                        config.s3().fillLookupTimeout(),
                        config.fetch().attemptTimeout()),
                fetcher,
                presigned,
                breakers,
                telemetry,
                threads,
                ticker);
        metrics.watch(shared);
        return Optional.of(shared);
    }

    @Produces
    @Singleton
    Publisher publisher(
            Fetcher fetcher,
            FetchTelemetry telemetry,
            PresignedRanges presigned,
            OriginTier origin,
            KnownManifests manifests,
            InstantSource clock) {
        return new Publisher(new Probes(fetcher, telemetry), presigned, new Digester(origin), manifests, clock);
    }
}
