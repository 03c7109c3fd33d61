package io.edgedownload.edge;

import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.resolve.AddressesChanged;
import io.edgedownload.engine.resolve.DnsResolver;
import io.edgedownload.engine.resolve.DnsServer;
import io.edgedownload.engine.resolve.ResolveListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** Tells operators what happens to names and their servers, and connections that their addresses have changed. */
@Singleton
final class ResolveEvents implements ResolveListener {
    private static final Logger LOG = Logger.getLogger(ResolveEvents.class);

    private final MeterRegistry registry;
    private final Connector connector;

    ResolveEvents(MeterRegistry registry, Connector connector) {
        this.registry = registry;
        this.connector = connector;
    }

    /** Shows what the resolver keeps and does. */
    void watch(DnsResolver resolver) {
        gauge("edge.dns.names", "Names in the cache", resolver, DnsResolver.Statistics::names);
        gauge("edge.dns.cache.used", "Estimated bytes of the cache", resolver, DnsResolver.Statistics::estimatedBytes);
        counter("edge.dns.lookups", "Names asked for", resolver, DnsResolver.Statistics::lookups);
        counter("edge.dns.stale", "Answers used after their time", resolver, DnsResolver.Statistics::staleAnswers);
        counter("edge.dns.guarded", "Names not asked for", resolver, DnsResolver.Statistics::guardedNames);
        counter("edge.dns.refused", "Look-ups beyond the limit", resolver, DnsResolver.Statistics::refusedLookups);
    }

    private void gauge(
            String name, String description, DnsResolver resolver, ToDoubleFunction<DnsResolver.Statistics> value) {
        Gauge.builder(name, resolver, now -> value.applyAsDouble(now.statistics()))
                .description(description)
                .register(registry);
    }

    private void counter(
            String name, String description, DnsResolver resolver, ToDoubleFunction<DnsResolver.Statistics> value) {
        FunctionCounter.builder(name, resolver, now -> value.applyAsDouble(now.statistics()))
                .description(description)
                .register(registry);
    }

    @Override
    public void addressesChanged(AddressesChanged change) {
        LOG.infof("%s has other addresses: added %s, removed %s", change.name(), change.added(), change.removed());
        registry.counter("edge.dns.addresses.changed").increment();
        connector.addressesChanged(change);
    }

    @Override
    public void serverChanged(DnsServer server, boolean failing) {
        if (failing) {
            LOG.warnf("name server %s does not answer; it is asked last until it does", server);
            registry.counter("edge.dns.server.failures").increment();
        } else {
            LOG.infof("name server %s answers again", server);
        }
    }
}
