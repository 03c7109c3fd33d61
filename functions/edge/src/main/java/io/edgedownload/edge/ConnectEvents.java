package io.edgedownload.edge;

import io.edgedownload.engine.connect.ConnectEvent;
import io.edgedownload.engine.connect.ConnectEvent.Drained;
import io.edgedownload.engine.connect.ConnectListener;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Symptom;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells operators what happens to connections. */
@Singleton
final class ConnectEvents implements ConnectListener {
    private static final Logger LOG = Logger.getLogger(ConnectEvents.class);

    private final MeterRegistry registry;
    private final PoolGauges gauges;

    ConnectEvents(MeterRegistry registry) {
        this.registry = registry;
        this.gauges = new PoolGauges(registry);
        // All from the start: an alert on a counter that is not there yet is none.
        opened();
        leaks();
        thaws();
        for (Symptom symptom : Symptom.values()) {
            demotions(symptom);
        }
        for (Drained.Reason reason : Drained.Reason.values()) {
            drains(reason);
        }
    }

    /** Shows what there is for each origin. */
    void watch(Connector connector) {
        gauges.watch(connector::pools);
    }

    @Override
    public void on(ConnectEvent event) {
        switch (event) {
            case ConnectEvent.Opened opened -> {
                gauges.show(opened.origin());
                opened().increment();
            }
            // The log has it already, with what a metric cannot tell.
            case ConnectEvent.Leaked _ -> leaks().increment();
            case ConnectEvent.Reconfigured(var limits) -> LOG.infof("other limits of connections hold: %s", limits);
            case ConnectEvent.Demoted demoted -> {
                LOG.warnf(
                        "%s at %s is tried last from now on: %s",
                        demoted.origin(), demoted.address().getHostAddress(), word(demoted.symptom()));
                gauges.show(demoted.origin());
                demotions(demoted.symptom()).increment();
            }
            case ConnectEvent.Healed(var origin, var address) ->
                LOG.infof("%s at %s answers again", origin, address.getHostAddress());
            case ConnectEvent.Drained drained -> {
                LOG.infof(
                        "%d connections to %s at %s are drained: %s",
                        drained.connections(),
                        drained.origin(),
                        drained.address().getHostAddress(),
                        word(drained.reason()));
                drains(drained.reason()).increment();
            }
            case ConnectEvent.Thawed(var gap, int connections) -> {
                LOG.infof("frozen for up to %s: %d idle connections are dropped", gap, connections);
                thaws().increment();
            }
        }
    }

    private Counter opened() {
        return registry.counter("edge.connect.opened");
    }

    private Counter leaks() {
        return registry.counter("edge.connect.leaks");
    }

    private Counter thaws() {
        return registry.counter("edge.connect.thaws");
    }

    private Counter demotions(Symptom symptom) {
        return registry.counter("edge.connect.demotions", "symptom", word(symptom));
    }

    private Counter drains(Drained.Reason reason) {
        return registry.counter("edge.connect.drains", "reason", word(reason));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
