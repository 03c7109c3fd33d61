package io.edgedownload.edge;

import io.edgedownload.engine.resolve.DnsResolver;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Says at the start which stub domain's name servers do not answer. It does not keep the functions from starting: in a
 * cluster they may well be there before its name servers.
 */
@Singleton
final class StubDomainCheck {
    private static final Logger LOG = Logger.getLogger(StubDomainCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    void start(@Observes StartupEvent start, DnsResolver resolver, WaitingThreads threads, Ticker ticker) {
        threads.execute(() -> {
            try {
                resolver.silentStubServers(Deadline.after(PATIENCE, ticker)).forEach(StubDomainCheck::complain);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void complain(DnsResolver.SilentServer silent) {
        LOG.errorf(
                "edge.dns.stub-domains.\"%s\": name server %s does not answer (%s); names below %s are not found until it"
                        + " does. Check its address and that UDP and TCP port %d are open to these functions.",
                silent.domain(),
                silent.server(),
                silent.reason(),
                silent.domain(),
                silent.server().address().getPort());
    }
}
