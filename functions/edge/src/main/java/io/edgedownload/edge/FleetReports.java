package io.edgedownload.edge;

import io.edgedownload.fleet.FleetClient;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.EventKind;
import io.edgedownload.fleet.v1.Traffic;
import io.edgedownload.tracing.Traceparent;
import io.opentelemetry.api.trace.Span;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What happens here that a coordinator is to hear of. Goes nowhere while none is configured. No method blocks. */
@Singleton
final class FleetReports {
    private final InstantSource clock;
    private final boolean untraced;
    private final AtomicReference<@Nullable FleetClient> client = new AtomicReference<>();
    private final AtomicReference<Set<Condition>> network = new AtomicReference<>(Set.of());

    FleetReports(InstantSource clock, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean untraced) {
        this.clock = clock;
        this.untraced = untraced;
    }

    void goTo(FleetClient coordinator) {
        client.set(coordinator);
    }

    /** What is wrong with the network now. */
    Set<Condition> network() {
        return network.get();
    }

    /**
     * Part of the trace that the caller is in.
     *
     * @param subject an origin or a download
     */
    void happened(EventKind kind, String subject) {
        FleetClient coordinator = client.get();
        if (coordinator != null) {
            coordinator.happened(event(kind).setSubject(subject));
            coordinator.changed();
        }
    }

    /**
     * The network is overloaded from now on, or no longer.
     *
     * @param condition a surge or retransmits
     */
    void network(Condition condition, boolean holds, Traffic traffic) {
        Set<Condition> before = network.getAndUpdate(now -> changed(now, condition, holds));
        FleetClient coordinator = client.get();
        if (coordinator != null && before.contains(condition) != holds) {
            coordinator.happened(event(kind(condition, holds)).setTraffic(traffic));
            coordinator.changed();
        }
    }

    /** Something that heartbeats tell is otherwise now. */
    void changed() {
        FleetClient coordinator = client.get();
        if (coordinator != null) {
            coordinator.changed();
        }
    }

    private Event.Builder event(EventKind kind) {
        return Event.newBuilder()
                .setKind(kind)
                .setAtEpochMillis(clock.millis())
                .setTraceparent(traceparent(Span.current()));
    }

    /** Of what nobody records nobody could find the trace. */
    private String traceparent(Span span) {
        return untraced || !RecordingSampler.isRecorded(span) ? "" : Traceparent.of(span);
    }

    private static Set<Condition> changed(Set<Condition> before, Condition condition, boolean holds) {
        Set<Condition> after = EnumSet.noneOf(Condition.class);
        after.addAll(before);
        if (holds) {
            after.add(condition);
        } else {
            after.remove(condition);
        }
        return Set.copyOf(after);
    }

    private static EventKind kind(Condition condition, boolean holds) {
        if (condition == Condition.CONDITION_SURGE) {
            return holds ? EventKind.EVENT_KIND_SURGE_BEGAN : EventKind.EVENT_KIND_SURGE_ENDED;
        }
        return holds ? EventKind.EVENT_KIND_RETRANSMITS_BEGAN : EventKind.EVENT_KIND_RETRANSMITS_ENDED;
    }
}
