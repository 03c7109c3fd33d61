package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Resolvers with the product's defaults. */
public final class LocalResolver {
    private static final Path NO_HOSTS = Path.of("/nowhere/hosts");

    private LocalResolver() {}

    /** One that tests which use address literals need; it has no name server. */
    public static Resolver create() {
        return withHosts(NO_HOSTS);
    }

    /** One that knows the names of a hosts file. */
    public static Resolver withHosts(Path hosts) {
        return new DnsResolver(
                settings(List.of(), hosts),
                task -> Thread.ofVirtual().start(task),
                new SystemTimer(),
                Ticker.system(),
                new SilentListener());
    }

    static DnsResolver.Settings settings(List<DnsServer> servers) {
        return settings(servers, NO_HOSTS);
    }

    private static DnsResolver.Settings settings(List<DnsServer> servers, Path hosts) {
        return new DnsResolver.Settings(
                new DnsResolver.Upstreams(
                        Path.of("/nowhere/resolv.conf"),
                        servers,
                        new DnsResolver.Overrides(null, null, null, null, null),
                        StubDomains.parse(Map.of())),
                hosts,
                new Edns(1232, true, null),
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                ttl(),
                new DnsResolver.Guard(200, 20),
                new DnsResolver.Bounds(10_000, 16 << 20, 256, 512));
    }

    static TtlPolicy ttl() {
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

    private static final class SilentListener implements ResolveListener {
        @Override
        public void addressesChanged(AddressesChanged change) {}

        @Override
        public void serverChanged(DnsServer server, boolean failing) {}
    }
}
