package io.edgedownload.edge;

import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.guard.Rules;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts the guard of the network together, beside the line of a download. */
final class GuardWiring {
    private final EdgeConfig.NetworkGuarding config;

    GuardWiring(EdgeConfig config) {
        this.config = config.guard();
    }

    @Produces
    @Singleton
    Pacer pacer(Timer timer, Ticker ticker) {
        return new Pacer(timer, ticker);
    }

    @Produces
    @Singleton
    EgressLimit egressLimit(Pacer pacer, Timer timer, Ticker ticker) {
        return new EgressLimit(pacer, timer, ticker);
    }

    @Produces
    @Singleton
    NetworkGuard guard(
            EgressLimit limit, Pacer pacer, GuardEvents events, WaitingThreads threads, Timer timer, Ticker ticker) {
        NetworkGuard guard = new NetworkGuard(
                new NetworkGuard.Settings(
                        config.enabled(),
                        config.snmp(),
                        config.interval(),
                        config.egressMax().asLongValue(),
                        rules(config)),
                limit,
                events,
                threads,
                timer,
                ticker);
        events.watch(guard, limit, pacer);
        return guard;
    }

    void begin(@Observes StartupEvent started, NetworkGuard guard) {
        guard.start();
    }

    /** @throws IllegalArgumentException naming the setting */
    static Rules rules(EdgeConfig.NetworkGuarding config) {
        return new Rules(
                config.establishedMax(),
                config.retransmitPercent(),
                config.segmentsMin(),
                config.window(),
                config.liftPercent(),
                config.liftAfter());
    }
}
