package io.edgedownload.guard;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.fleet.FleetClient;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** What is measured of a node; the table is in docs/node-guard.md. */
@Singleton
final class GuardMetrics {
    private final MeterRegistry registry;

    GuardMetrics(MeterRegistry registry, Reporter reporter, EgressBound bound) {
        this.registry = registry;
        gauge(reporter, "groups", "Control groups that have, or had, sockets", Overview::groups);
        gauge(
                reporter,
                "established",
                "Their established connections",
                seen -> seen.counts().established());
        for (Cause cause : Cause.values()) {
            Gauge.builder("node.guard.limited", reporter, now -> now.overview().over(cause))
                    .tag("cause", Reporter.name(cause))
                    .description("Control groups that are limited")
                    .register(registry);
        }
        Gauge.builder("node.guard.limit.bytes.per.second", bound, EgressBound::now)
                .description("What a control group that is over a bound may send in a second")
                .register(registry);
        counter(
                reporter,
                "segments.sent",
                "Without those that were sent again",
                seen -> seen.counts().sentSegments());
        counter(
                reporter,
                "segments.retransmitted",
                "Those that were sent again",
                seen -> seen.counts().retransmittedSegments());
        counter(
                reporter,
                "sent.bytes",
                "Payload, retransmitted or not",
                seen -> seen.counts().sentBytes());
        lost(reporter, "groups", losses -> losses.groups());
        lost(reporter, "events", losses -> losses.events());
    }

    private void gauge(Reporter reporter, String name, String description, ToDoubleFunction<Overview> value) {
        Gauge.builder("node.guard." + name, reporter, now -> value.applyAsDouble(now.overview()))
                .description(description)
                .register(registry);
    }

    private void counter(Reporter reporter, String name, String description, ToDoubleFunction<Overview> value) {
        FunctionCounter.builder("node.guard." + name, reporter, now -> value.applyAsDouble(now.overview()))
                .description(description)
                .register(registry);
    }

    private void lost(Reporter reporter, String what, ToDoubleFunction<NodeProgram.Losses> value) {
        FunctionCounter.builder(
                        "node.guard.lost",
                        reporter,
                        now -> value.applyAsDouble(now.overview().losses()))
                .tag("what", what)
                .description("What there was no room for in the kernel")
                .register(registry);
    }

    /** Measures what waits for a coordinator. */
    void watch(FleetClient client) {
        Gauge.builder("node.guard.coordinator.joined", client, now -> now.joined() ? 1 : 0)
                .description("Whether a coordinator hears of this node")
                .register(registry);
        Gauge.builder("node.guard.coordinator.waiting", client, FleetClient::waiting)
                .description("Events that no coordinator has stored yet")
                .register(registry);
        FunctionCounter.builder("node.guard.coordinator.dropped", client, FleetClient::dropped)
                .description("Events that were dropped, because too many waited")
                .register(registry);
    }
}
