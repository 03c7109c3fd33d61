package io.edgedownload.edge;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.engine.guard.Figures;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Traffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells operators and the coordinator when the network is taken for sick, and when that is over. */
@Singleton
final class GuardEvents implements NetworkGuard.Listener {
    private static final Logger LOG = Logger.getLogger(GuardEvents.class);

    private final MeterRegistry registry;
    private final FleetReports reports;
    private final long windowMillis;

    GuardEvents(MeterRegistry registry, FleetReports reports, EdgeConfig config) {
        this.registry = registry;
        this.reports = reports;
        this.windowMillis = config.guard().window().toMillis();
        for (Cause cause : Cause.values()) {
            entered(cause);
        }
    }

    void watch(NetworkGuard guard, EgressLimit limit, Pacer pacer) {
        Gauge.builder("edge.guard.established", guard, now -> now.figures().established())
                .description("Established connections in the instance's network namespace")
                .register(registry);
        Gauge.builder("edge.guard.retransmit.share", guard, now -> now.figures().retransmitShare())
                .description("Retransmitted by sent segments over the window")
                .register(registry);
        Gauge.builder(
                        "edge.guard.limit.bytes.per.second",
                        limit,
                        now -> now.bytesPerSecond().orElse(0))
                .description("What may be sent in a second, 0 while there is no limit")
                .register(registry);
        Gauge.builder("edge.guard.waiting", pacer, Pacer::waitingTurns)
                .description("Answers that wait for their turn to send")
                .register(registry);
        FunctionCounter.builder("edge.guard.paced", pacer, Pacer::pacedBytes)
                .baseUnit("bytes")
                .description("Bytes of bodies that were sent under a limit")
                .register(registry);
    }

    @Override
    public void off(String reason) {
        LOG.infof("no guard of the network: %s", reason);
    }

    @Override
    public void blind(String reason) {
        LOG.warnf("the guard of the network does not see: %s; it goes on when it does", reason);
    }

    @Override
    public void changed(Cause cause, boolean holds, Figures figures, long bytesPerSecond) {
        if (holds) {
            LOG.warnf(
                    "the network is overloaded (%s): %s; at most %d bytes a second are sent",
                    name(cause), told(figures), bytesPerSecond);
            registry.counter("edge.guard.entered", "cause", name(cause)).increment();
        } else {
            LOG.infof("the network has recovered (%s): %s", name(cause), told(figures));
        }
        reports.network(condition(cause), holds, traffic(figures));
    }

    private static Condition condition(Cause cause) {
        return switch (cause) {
            case CONNECTIONS -> Condition.CONDITION_SURGE;
            case RETRANSMITS -> Condition.CONDITION_RETRANSMITS;
        };
    }

    private Traffic traffic(Figures figures) {
        return Traffic.newBuilder()
                .setEstablished(figures.established())
                // The system counts those that are sent again beside the others, a coordinator among them.
                .setSegmentsSent(figures.sentSegments() + figures.retransmittedSegments())
                .setSegmentsRetransmitted(figures.retransmittedSegments())
                .setWindowMillis(windowMillis)
                .build();
    }

    private void entered(Cause cause) {
        var _ = registry.counter("edge.guard.entered", "cause", name(cause));
    }

    private static String told(Figures figures) {
        return String.format(
                Locale.ROOT,
                "%d connections, %d of %d segments retransmitted",
                figures.established(),
                figures.retransmittedSegments(),
                figures.sentSegments());
    }

    private static String name(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }
}
