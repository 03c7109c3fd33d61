package io.edgedownload.edge;

import io.edgedownload.engine.resolve.AddressesChanged;
import io.edgedownload.engine.resolve.DnsServer;
import io.edgedownload.engine.resolve.ResolveListener;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells operators what happens to names and their servers. */
@Singleton
final class ResolveEvents implements ResolveListener {
    private static final Logger LOG = Logger.getLogger(ResolveEvents.class);

    private final MeterRegistry registry;

    ResolveEvents(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void addressesChanged(AddressesChanged change) {
        LOG.infof("%s has other addresses: added %s, removed %s", change.name(), change.added(), change.removed());
        registry.counter("edge.dns.addresses.changed").increment();
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
