package io.edgedownload.edge;

import io.edgedownload.engine.breaker.BreakerChanged;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.breaker.Reason;
import io.edgedownload.fleet.v1.EventKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells operators which origins are left alone, and why. */
@Singleton
final class BreakerEvents {
    private static final Logger LOG = Logger.getLogger(BreakerEvents.class);

    private final MeterRegistry registry;
    private final FleetReports reports;

    BreakerEvents(MeterRegistry registry, FleetReports reports) {
        this.registry = registry;
        this.reports = reports;
        // All from the start: an alert on a counter that is not there yet is none.
        for (Status status : Status.values()) {
            changes(status);
        }
    }

    /** Shows how many there are in each state; which ones they are is in the log, for anybody who may publish names origins. */
    void watch(Breakers breakers) {
        for (Status status : Status.values()) {
            Gauge.builder("edge.breaker.origins", breakers, now -> count(now, status))
                    .description("Origins by the state of their breaker")
                    .tag("state", FetchTelemetry.name(status))
                    .register(registry);
        }
    }

    private static double count(Breakers breakers, Status status) {
        return breakers.all().values().stream()
                .filter(breaker -> breaker.status() == status)
                .count();
    }

    void changed(BreakerChanged change) {
        LOG.warnf(
                "breaker of %s: %s, was %s: %s",
                change.origin(),
                FetchTelemetry.name(change.to()),
                FetchTelemetry.name(change.from()),
                words(change.reason()));
        changes(change.to()).increment();
        switch (change.to()) {
            case OPEN -> reports.happened(EventKind.EVENT_KIND_BREAKER_OPENED, change.origin());
            case CLOSED -> reports.happened(EventKind.EVENT_KIND_BREAKER_CLOSED, change.origin());
            case HALF_OPEN -> reports.changed();
        }
    }

    private Counter changes(Status to) {
        return registry.counter("edge.breaker.changes", "state", FetchTelemetry.name(to));
    }

    private static String words(Reason reason) {
        return switch (reason) {
            case Reason.LowSuccess(long requests, long failed) -> failed + " of " + requests + " requests failed";
            case Reason.HighP95(long requests, var p95) ->
                "P95 of " + requests + " requests is " + p95.toMillis() + " ms";
            case Reason.ProbeFailed() -> "a probe failed";
            case Reason.ProbeSlow(var duration) -> "a probe took " + duration.toMillis() + " ms";
            case Reason.Suspected() -> "other edges find it sick";
            case Reason.OpenLongEnough() -> "it was open for long enough";
            case Reason.ProbesSucceeded() -> "the probes succeeded";
        };
    }
}
