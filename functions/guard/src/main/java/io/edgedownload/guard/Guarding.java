package io.edgedownload.guard;

import io.edgedownload.engine.breaker.Backoff;
import io.edgedownload.engine.guard.Rules;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fleet.FleetClient;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The guard from its start to its end, on the thread that calls it. */
@Singleton
final class Guarding {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final GuardConfig config;
    private final Reporter reporter;
    private final EgressBound bound;
    private final Vertx vertx;
    private final GuardMetrics metrics;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.STARTING);
    private final CountDownLatch over = new CountDownLatch(1);

    /** How far it is. */
    enum Stage {
        STARTING,
        WATCHING,
        STOPPING
    }

    Guarding(GuardConfig config, Reporter reporter, EgressBound bound, Vertx vertx, GuardMetrics metrics) {
        this.config = config;
        this.reporter = reporter;
        this.bound = bound;
        this.vertx = vertx;
        this.metrics = metrics;
    }

    boolean isWatching() {
        return stage.get() == Stage.WATCHING;
    }

    /**
     * Watches until it is told to stop.
     *
     * @throws KernelFailure when the kernel does not let it
     * @throws IOException when there is no such control group
     */
    void run() throws IOException {
        Rules rules = Settings.rules(config);
        ControlGroups groups = new ControlGroups(config.cgroup());
        try (NodeProgram program = new NodeProgram(config.program(), rules)) {
            program.attach(groups.top());
            var guard = new NodeGuard(
                    new NodeGuard.Settings(rules, config.interval()),
                    program,
                    groups,
                    bound::now,
                    reporter,
                    Ticker.system());
            FleetClient client = report();
            stage.compareAndSet(Stage.STARTING, Stage.WATCHING);
            while (isWatching()) {
                guard.next();
            }
            guard.end();
            if (client != null) {
                client.close();
            }
        } finally {
            stage.set(Stage.STOPPING);
            over.countDown();
        }
    }

    private @Nullable FleetClient report() {
        GuardConfig.Coordinator coordinator = config.coordinator();
        if (coordinator.url().isEmpty()) {
            return null;
        }
        Backoff backoff = new Backoff(
                SHORTEST_PAUSE, LONGEST_PAUSE, () -> ThreadLocalRandom.current().nextLong());
        FleetClient client = new FleetClient(
                vertx,
                new FleetClient.Settings(
                        coordinator.url().get(),
                        coordinator.token().orElse(null),
                        new FleetClient.Tls(
                                absolute(coordinator.trust()),
                                absolute(coordinator.certificate()),
                                absolute(coordinator.key())),
                        coordinator.interval(),
                        coordinator.queueMax()),
                reporter,
                before -> before.isZero() ? backoff.first() : backoff.next(before),
                Runnable::run);
        reporter.goTo(client);
        metrics.watch(client);
        client.start();
        return client;
    }

    private static @Nullable Path absolute(Optional<Path> file) {
        return file.map(Path::toAbsolutePath).orElse(null);
    }

    void stop(@Observes ShutdownEvent stopped) throws InterruptedException {
        if (stage.getAndSet(Stage.STOPPING) == Stage.WATCHING) {
            var _ = over.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
