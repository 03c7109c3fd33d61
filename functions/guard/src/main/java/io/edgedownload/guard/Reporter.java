package io.edgedownload.guard;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.engine.guard.Figures;
import io.edgedownload.fleet.FleetClient;
import io.edgedownload.fleet.FleetPeer;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.EventKind;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Hello;
import io.edgedownload.fleet.v1.Limits;
import io.edgedownload.fleet.v1.Order;
import io.edgedownload.fleet.v1.Role;
import io.edgedownload.fleet.v1.Traffic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells operators and a coordinator what happens on this node, and takes the coordinator's orders. For any thread. */
final class Reporter implements NodeGuard.Listener, FleetPeer {
    private static final Logger LOG = Logger.getLogger(Reporter.class);

    private final Self self;
    private final EgressBound bound;
    private final InstantSource clock;
    private final AtomicReference<Overview> overview = new AtomicReference<>(Overview.NOTHING);
    private final AtomicReference<@Nullable FleetClient> client = new AtomicReference<>();
    private final AtomicBoolean awayTold = new AtomicBoolean();

    /**
     * @param instance a name that no other process has or had
     * @param window over which segments are counted
     */
    record Self(String instance, String zone, String version, Duration window) {}

    Reporter(Self self, EgressBound bound, InstantSource clock) {
        this.self = self;
        this.bound = bound;
        this.clock = clock;
    }

    void goTo(FleetClient begun) {
        client.set(begun);
    }

    Overview overview() {
        return overview.get();
    }

    @Override
    public void changed(String group, Cause cause, boolean holds, Figures figures) {
        if (holds) {
            LOG.warnf(
                    "control group %s is over its bound (%s): %s; it sends at most %d bytes a second",
                    group, name(cause), told(figures), bound.now());
        } else {
            LOG.infof("control group %s has recovered (%s): %s", group, name(cause), told(figures));
        }
        FleetClient told = client.get();
        if (told != null) {
            told.happened(Event.newBuilder()
                    .setKind(kind(cause, holds))
                    .setAtEpochMillis(clock.millis())
                    .setSubject(group)
                    .setTraffic(Traffic.newBuilder()
                            .setEstablished(figures.established())
                            .setSegmentsSent(figures.sentSegments() + figures.retransmittedSegments())
                            .setSegmentsRetransmitted(figures.retransmittedSegments())
                            .setWindowMillis(self.window().toMillis())));
        }
    }

    @Override
    public void looked(Overview seen) {
        Overview before = overview.getAndSet(seen);
        FleetClient told = client.get();
        if (told != null && !before.over().equals(seen.over())) {
            told.changed();
        }
    }

    static String name(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    private static String told(Figures figures) {
        return String.format(
                Locale.ROOT,
                "%d connections, %d of %d segments retransmitted",
                figures.established(),
                figures.retransmittedSegments(),
                figures.sentSegments());
    }

    private static EventKind kind(Cause cause, boolean holds) {
        return switch (cause) {
            case CONNECTIONS -> holds ? EventKind.EVENT_KIND_SURGE_BEGAN : EventKind.EVENT_KIND_SURGE_ENDED;
            case RETRANSMITS -> holds ? EventKind.EVENT_KIND_RETRANSMITS_BEGAN : EventKind.EVENT_KIND_RETRANSMITS_ENDED;
        };
    }

    @Override
    public Hello hello() {
        return Hello.newBuilder()
                .setInstance(self.instance())
                .setRole(Role.ROLE_NODE_GUARD)
                .setZone(self.zone())
                .setVersion(self.version())
                .setLimits(Limits.newBuilder().setSurgeEgressBytesPerSecond(bound.own()))
                .build();
    }

    @Override
    public Heartbeat heartbeat() {
        Overview seen = overview.get();
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
        if (seen.over(Cause.CONNECTIONS) > 0) {
            heartbeat.addConditions(Condition.CONDITION_SURGE);
        }
        if (seen.over(Cause.RETRANSMITS) > 0) {
            heartbeat.addConditions(Condition.CONDITION_RETRANSMITS);
        }
        return heartbeat.build();
    }

    /** Of groups that surge; a node guard has nothing to drain, to warm or to probe. */
    @Override
    public void ordered(Directive directive) {
        switch (directive.getDirectiveCase()) {
            case EGRESS_LIMIT ->
                bound.order(
                        directive.getEgressLimit().getBytesPerSecond(),
                        Duration.ofSeconds(Integer.toUnsignedLong(
                                directive.getEgressLimit().getHoldsSeconds())));
            case LIFT -> {
                if (directive.getLift().getOrder() == Order.ORDER_EGRESS_LIMIT) {
                    bound.lift();
                }
            }
            case WELCOME, ACKNOWLEDGED, DRAIN, WARM, PROBE_FIRST, DIRECTIVE_NOT_SET -> {}
        }
    }

    @Override
    public void joined(String coordinator) {
        awayTold.set(false);
        LOG.infof("coordinator %s knows of this node as %s", coordinator, self.instance());
    }

    @Override
    public void away(String reason) {
        if (!awayTold.getAndSet(true)) {
            LOG.warnf("no coordinator hears of this node (%s); it goes on alone, and tries again", reason);
        }
    }
}
