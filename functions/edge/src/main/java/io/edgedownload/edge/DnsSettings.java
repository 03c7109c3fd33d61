package io.edgedownload.edge;

import io.edgedownload.engine.resolve.DnsResolver;
import io.edgedownload.engine.resolve.DnsServer;
import io.edgedownload.engine.resolve.Edns;
import io.edgedownload.engine.resolve.StubDomains;
import io.edgedownload.engine.resolve.TtlPolicy;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The resolver's settings out of the configuration. What is wrong is told by its key. */
final class DnsSettings {
    private static final int MAX_NDOTS = 15;
    private static final int MAX_ATTEMPTS = 5;
    private static final long MIN_CACHE_BYTES = 64 << 10;

    private DnsSettings() {}

    /** @throws io.quarkus.runtime.configuration.ConfigurationException naming the key */
    static DnsResolver.Settings of(EdgeConfig.Dns dns) {
        return new DnsResolver.Settings(
                upstreams(dns),
                dns.hosts(),
                edns(dns.edns()),
                dns.resolutionDelay(),
                dns.lookupTimeout(),
                ttl(dns),
                new DnsResolver.Guard(
                        atLeastOne("edge.dns.guard.burst", dns.guard().burst()),
                        atLeastOne("edge.dns.guard.per-second", dns.guard().perSecond())),
                new DnsResolver.Bounds(
                        atLeastOne("edge.dns.cache.max-names", dns.cache().maxNames()),
                        Settings.checked(
                                "edge.dns.cache.max-size",
                                () -> atLeast64K(dns.cache().maxSize().asLongValue())),
                        atLeastOne("edge.dns.max-lookups", dns.maxLookups()),
                        atLeastOne("edge.dns.max-queries", dns.maxQueries())));
    }

    private static DnsResolver.Upstreams upstreams(EdgeConfig.Dns dns) {
        List<DnsServer> servers = Settings.checked(
                "edge.dns.servers",
                () -> dns.servers().orElse(List.of()).stream()
                        .map(DnsServer::parse)
                        .toList());
        StubDomains stubs = Settings.checked("edge.dns.stub-domains", () -> StubDomains.parse(dns.stubDomains()));
        return new DnsResolver.Upstreams(dns.resolvConf(), servers, overrides(dns), stubs);
    }

    private static DnsResolver.Overrides overrides(EdgeConfig.Dns dns) {
        return new DnsResolver.Overrides(
                dns.search().orElse(null),
                dns.ndots().isPresent()
                        ? within("edge.dns.ndots", 0, MAX_NDOTS, dns.ndots().getAsInt())
                        : null,
                dns.timeout().orElse(null),
                dns.attempts().isPresent()
                        ? within(
                                "edge.dns.attempts",
                                1,
                                MAX_ATTEMPTS,
                                dns.attempts().getAsInt())
                        : null,
                dns.rotate().orElse(null));
    }

    private static Edns edns(EdgeConfig.Dns.Edns edns) {
        return Settings.checked(
                "edge.dns.edns.udp-size", () -> new Edns(edns.udpSize(), edns.dnssecOk(), clientSubnet(edns)));
    }

    private static Edns.@Nullable ClientSubnet clientSubnet(EdgeConfig.Dns.Edns edns) {
        return edns.clientSubnet()
                .map(text -> Settings.checked("edge.dns.edns.client-subnet", () -> {
                    InetAddress address = literal(text);
                    return new Edns.ClientSubnet(
                            address,
                            address instanceof Inet4Address
                                    ? edns.clientSubnetIpv4Prefix()
                                    : edns.clientSubnetIpv6Prefix());
                }))
                .orElse(null);
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
        }
    }

    private static TtlPolicy ttl(EdgeConfig.Dns dns) {
        return withinDns(() -> new TtlPolicy(
                dns.positiveTtl().max(),
                dns.negativeTtl().initial(),
                dns.negativeTtl().step(),
                dns.negativeTtl().stepMisses(),
                dns.negativeTtl().max(),
                dns.failureTtl(),
                new TtlPolicy.Slow(
                        dns.slow().above(),
                        dns.slow().until(),
                        dns.slow().ttlFrom(),
                        dns.slow().ttlTo()),
                new TtlPolicy.Prefetch(dns.prefetch().hits(), dns.prefetch().lastPercent()),
                new TtlPolicy.Stale(
                        dns.stale().maxAge(),
                        dns.stale().clientWait(),
                        dns.stale().ttl())));
    }

    /** For values that are checked together: the complaint begins with the part of the key after {@code edge.dns.}. */
    private static <T> T withinDns(Supplier<T> valid) {
        try {
            return valid.get();
        } catch (IllegalArgumentException e) {
            String complaint = String.valueOf(e.getMessage());
            int space = complaint.indexOf(' ');
            throw Settings.broken("edge.dns." + complaint.substring(0, space), complaint.substring(space + 1));
        }
    }

    private static long atLeast64K(long bytes) {
        if (bytes < MIN_CACHE_BYTES) {
            throw new IllegalArgumentException("must be at least 64K");
        }
        return bytes;
    }

    private static int atLeastOne(String key, int value) {
        return within(key, 1, Integer.MAX_VALUE, value);
    }

    private static int within(String key, int least, int most, int value) {
        return Settings.checked(key, () -> {
            if (value < least || value > most) {
                String upTo = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
                throw new IllegalArgumentException("must be " + upTo + ", not " + value);
            }
            return value;
        });
    }
}
