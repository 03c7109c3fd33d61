package io.edgedownload.bench;

import io.edgedownload.engine.resolve.AddressesChanged;
import io.edgedownload.engine.resolve.DnsResolver;
import io.edgedownload.engine.resolve.DnsServer;
import io.edgedownload.engine.resolve.Edns;
import io.edgedownload.engine.resolve.ResolveListener;
import io.edgedownload.engine.resolve.Resolver;
import io.edgedownload.engine.resolve.StubDomains;
import io.edgedownload.engine.resolve.TtlPolicy;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The functions' resolver with their defaults, save for the guard against floods: here all names are new and, behind a search
 * list, most of them do not exist.
 */
final class OurResolver implements AutoCloseable {
    private static final Path NO_FILE = Path.of("/nowhere");
    private static final DnsResolver.Guard NO_GUARD = new DnsResolver.Guard(1_000_000, 1_000_000);

    private final SystemTimer timer = new SystemTimer();
    private final DnsResolver resolver;

    private OurResolver(DnsResolver.Upstreams upstreams) {
        resolver = new DnsResolver(
                settings(upstreams),
                task -> Thread.ofVirtual().start(task),
                timer,
                Ticker.system(),
                new SilentListener());
    }

    /** Asks these name servers for names as they are. */
    static OurResolver asking(List<InetSocketAddress> servers) {
        return new OurResolver(upstreams(NO_FILE, servers, Map.of()));
    }

    /**
     * Asks one name server.
     *
     * @param resolvConf its search list and options hold
     * @param stubDomains and the server that is asked for each instead
     */
    static OurResolver searching(
            Path resolvConf, InetSocketAddress server, Map<String, InetSocketAddress> stubDomains) {
        return new OurResolver(upstreams(resolvConf, List.of(server), stubDomains));
    }

    private static DnsResolver.Upstreams upstreams(
            Path resolvConf, List<InetSocketAddress> servers, Map<String, InetSocketAddress> stubDomains) {
        StubDomains stubs = new StubDomains(stubDomains.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(new DnsServer(entry.getValue())))));
        return new DnsResolver.Upstreams(
                resolvConf,
                servers.stream().map(DnsServer::new).toList(),
                new DnsResolver.Overrides(null, null, null, null, null),
                stubs);
    }

    private static DnsResolver.Settings settings(DnsResolver.Upstreams upstreams) {
        return new DnsResolver.Settings(
                upstreams,
                NO_FILE,
                new Edns(1232, true, null),
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                ttl(),
                NO_GUARD,
                new DnsResolver.Bounds(10_000, 16 << 20, 256, 512));
    }

    private static TtlPolicy ttl() {
        return new TtlPolicy(
                Duration.ofSeconds(900),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                3,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                new TtlPolicy.Slow(
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(120)),
                new TtlPolicy.Prefetch(2, 10),
                new TtlPolicy.Stale(Duration.ofHours(24), Duration.ofMillis(1800), Duration.ofSeconds(30)));
    }

    /** A deadline that the calls of a round share, as all of a request do. */
    Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(5), Ticker.system());
    }

    Resolver.Resolution resolve(String host, Deadline deadline) throws InterruptedException {
        return resolver.resolve(host, deadline);
    }

    /** @throws IOException when there are no addresses */
    void find(String host) throws IOException, InterruptedException {
        Resolver.Resolution resolution = resolve(host, deadline());
        if (!(resolution instanceof Resolver.Resolution.Resolved)) {
            throw new IOException(host + ": " + resolution);
        }
    }

    @Override
    public void close() {
        timer.close();
    }

    private static final class SilentListener implements ResolveListener {
        @Override
        public void addressesChanged(AddressesChanged change) {}

        @Override
        public void serverChanged(DnsServer server, boolean failing) {}
    }
}
