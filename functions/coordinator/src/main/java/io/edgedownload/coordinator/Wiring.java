package io.edgedownload.coordinator;

import io.edgedownload.etcd.EtcdGateway;
import io.edgedownload.etcd.EtcdLeased;
import io.edgedownload.fleet.v1.Condition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.Config;

/** Puts the coordinator together from its configuration. */
final class Wiring {
    private final CoordinatorConfig config;

    Wiring(CoordinatorConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    Token token() {
        return new Token(config.token());
    }

    @Produces
    @Singleton
    Store store(Vertx vertx) {
        CoordinatorConfig.Etcd etcd = config.etcd();
        if (etcd.url().isEmpty()) {
            return new AloneStore(vertx, etcd.lease(), config.drain());
        }
        return new EtcdStore(
                new EtcdLeased(
                        QuarkusRestClientBuilder.newBuilder()
                                .baseUri(etcd.url().get())
                                .build(EtcdGateway.class),
                        new EtcdLeased.Settings(
                                "coordinator.etcd",
                                etcd.prefix(),
                                etcd.lease(),
                                etcd.user().orElse(null),
                                etcd.password().orElse(null),
                                etcd.timeout())),
                etcd.lease(),
                config.drain());
    }

    void close(@Disposes Store store) {
        store.close();
    }

    @Produces
    @Singleton
    Roster roster(Store store) {
        return new Roster(store, config.etcd().interval(), InstantSource.system());
    }

    @Produces
    @Singleton
    Policy policy() {
        return new Policy(new Policy.Settings(
                config.hot(), config.young(), config.egressLimit().asLongValue()));
    }

    @Produces
    @Singleton
    Streams streams(Roster roster, Policy policy, EventSpans spans, Vertx vertx) {
        return new Streams(
                new Streams.Settings(
                        config.name().orElseGet(() -> UUID.randomUUID().toString()),
                        config.maxEdges(),
                        config.silence(),
                        config.orders()),
                roster,
                policy,
                spans,
                vertx,
                InstantSource.system());
    }

    void begin(
            @Observes StartupEvent started,
            Config all,
            Store store,
            Streams streams,
            Roster roster,
            MeterRegistry registry) {
        Settings.check(config, all);
        store.start(streams::changed);
        streams.start();
        watch(streams, roster, registry);
    }

    void stop(@Observes ShutdownEvent stopped, Streams streams) {
        streams.close();
    }

    private static void watch(Streams streams, Roster roster, MeterRegistry registry) {
        Gauge.builder("coordinator.streams", streams, Streams::count)
                .description("Streams to this coordinator")
                .register(registry);
        Gauge.builder("coordinator.shared", roster, now -> now.reached() ? 1 : 0)
                .description("Whether what is known is shared with other coordinators")
                .register(registry);
        edges(registry, roster, "known", _ -> true);
        for (Condition condition : Condition.values()) {
            if (condition != Condition.CONDITION_UNSPECIFIED && condition != Condition.UNRECOGNIZED) {
                edges(
                        registry,
                        roster,
                        StandingJson.word(condition),
                        each -> each.conditions().contains(condition));
            }
        }
        edges(registry, roster, "breaker-open", each -> !each.openOrigins().isEmpty());
    }

    private static void edges(MeterRegistry registry, Roster roster, String state, Predicate<Standing> in) {
        Gauge.builder(
                        "coordinator.edges",
                        roster,
                        now -> now.fleet().values().stream().filter(in).count())
                .tag("state", state)
                .description("Instances of the whole fleet, with all coordinators, by what is the matter with them")
                .register(registry);
    }
}
