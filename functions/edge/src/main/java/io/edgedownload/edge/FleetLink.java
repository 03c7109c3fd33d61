package io.edgedownload.edge;

import io.edgedownload.engine.breaker.Backoff;
import io.edgedownload.fleet.FleetClient;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Connects this instance to a coordinator, if one is configured; else nothing of it starts. */
@Singleton
final class FleetLink {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final EdgeConfig config;
    private final FleetReports reports;
    private final AtomicReference<@Nullable FleetClient> client = new AtomicReference<>();

    FleetLink(EdgeConfig config, FleetReports reports) {
        this.config = config;
        this.reports = reports;
    }

    void start(
            @Observes StartupEvent started,
            Vertx vertx,
            FleetMember.Seen seen,
            EgressLimits limits,
            Draining draining,
            Optional<WarmOrders> warm,
            WaitingThreads threads,
            MeterRegistry registry) {
        EdgeConfig.Coordinator coordinator = config.coordinator();
        if (coordinator.url().isEmpty()) {
            return;
        }
        FleetClient.Settings settings = new FleetClient.Settings(
                coordinator.url().get(),
                coordinator.token().orElse(null),
                new FleetClient.Tls(
                        absolute(coordinator.trust()),
                        absolute(coordinator.certificate()),
                        absolute(coordinator.key())),
                coordinator.interval(),
                coordinator.queueMax());
        FleetMember member =
                new FleetMember(config, seen, reports, new FleetOrders(limits, draining, seen.breakers(), warm));
        Backoff backoff = new Backoff(
                SHORTEST_PAUSE, LONGEST_PAUSE, () -> ThreadLocalRandom.current().nextLong());
        FleetClient begun = new FleetClient(
                vertx, settings, member, before -> before.isZero() ? backoff.first() : backoff.next(before), threads);
        client.set(begun);
        reports.goTo(begun);
        watch(begun, warm, registry);
        begun.start();
    }

    private static @Nullable Path absolute(Optional<Path> file) {
        return file.map(Path::toAbsolutePath).orElse(null);
    }

    void stop(@Observes ShutdownEvent stopped) {
        FleetClient running = client.get();
        if (running != null) {
            running.close();
        }
    }

    private static void watch(FleetClient client, Optional<WarmOrders> warm, MeterRegistry registry) {
        Gauge.builder("edge.coordinator.joined", client, now -> now.joined() ? 1 : 0)
                .description("Whether a coordinator hears of this instance")
                .register(registry);
        Gauge.builder("edge.coordinator.waiting", client, FleetClient::waiting)
                .description("Events that no coordinator has stored yet")
                .register(registry);
        FunctionCounter.builder("edge.coordinator.dropped", client, FleetClient::dropped)
                .description("Events that were dropped, because too many waited")
                .register(registry);
        warm.ifPresent(orders -> FunctionCounter.builder("edge.coordinator.warmed", orders, WarmOrders::fetched)
                .description("Chunks that a coordinator had fetched ahead")
                .register(registry));
    }
}
