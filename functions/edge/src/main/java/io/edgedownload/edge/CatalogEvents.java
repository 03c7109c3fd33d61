package io.edgedownload.edge;

import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.request.DownloadId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells operators when downloads go on with what the catalog said earlier, and when that is over. */
@Singleton
final class CatalogEvents implements KnownManifests.Listener {
    private static final Logger LOG = Logger.getLogger(CatalogEvents.class);

    private final MeterRegistry registry;
    private final Counter entered;

    CatalogEvents(MeterRegistry registry) {
        this.registry = registry;
        this.entered = Counter.builder("edge.catalog.stale.entered")
                .description("Times that the catalog began to be unable to tell of a download that was known")
                .register(registry);
    }

    void watch(KnownManifests manifests) {
        Gauge.builder("edge.catalog.stale.downloads", manifests, KnownManifests::staleCount)
                .description("Downloads that go on with an earlier manifest, as the catalog cannot tell")
                .register(registry);
    }

    @Override
    public void entered(DownloadId first, String reason) {
        LOG.warnf(
                "the catalog cannot be read: %s; what it said earlier of %s and others is used as stale",
                reason, first.value());
        entered.increment();
    }

    @Override
    public void left(DownloadId last) {
        LOG.infof("the catalog can be read again: no manifest is stale, %s was the last", last.value());
    }
}
