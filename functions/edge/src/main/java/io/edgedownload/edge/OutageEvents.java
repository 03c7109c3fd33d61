package io.edgedownload.edge;

import io.edgedownload.engine.Outages;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.fleet.v1.EventKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells operators when only what is kept can be delivered, and when that is over. */
@Singleton
final class OutageEvents implements Outages.Listener {
    private static final Logger LOG = Logger.getLogger(OutageEvents.class);

    private final MeterRegistry registry;
    private final FleetReports reports;
    private final Counter entered;

    OutageEvents(MeterRegistry registry, FleetReports reports) {
        this.registry = registry;
        this.reports = reports;
        this.entered = Counter.builder("edge.degraded.entered")
                .description("Times that the first download could be loaded from nowhere any more")
                .register(registry);
    }

    void watch(Outages outages) {
        Gauge.builder("edge.degraded.downloads", outages, Outages::count)
                .description("Downloads that can be loaded from nowhere; what is kept of them is delivered")
                .register(registry);
    }

    @Override
    public void entered(DownloadId first, Failure failure) {
        LOG.warnf(
                "degraded: %s can be loaded neither from its sources nor from S3 (%s); what is kept is delivered as stale",
                first.value(), failure.kind());
        entered.increment();
        reports.happened(EventKind.EVENT_KIND_DEGRADED_ENTERED, first.value());
    }

    @Override
    public void left(DownloadId last) {
        LOG.infof("no longer degraded: %s was loaded", last.value());
        reports.happened(EventKind.EVENT_KIND_DEGRADED_LEFT, last.value());
    }
}
