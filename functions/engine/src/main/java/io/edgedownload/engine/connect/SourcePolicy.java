package io.edgedownload.engine.connect;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which addresses a source may have: public ones, and those that the operator lists. It is asked about the resolved address
 * of every connection, so a name that resolves to something else the next time gains nothing (DNS rebinding).
 *
 * <p>Not public are the blocks that the IANA special-purpose address registries (RFC 6890) list as not globally reachable,
 * multicast and reserved space, and IPv6 forms that carry an IPv4 address (RFC 4291 §2.5.5, RFC 6052, RFC 3056), which are
 * judged by the address that they carry.
 */
public final class SourcePolicy {
    private static final int SIX_TO_FOUR_IPV4_AT = 2;
    private static final int NAT64_IPV4_AT = 12;

    // Not static: a native image must not hold addresses that were made when it was built.
    private final List<Network> notPublicIpv4 = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");
    private final Network globalUnicastIpv6 = Network.parse("2000::/3");
    private final List<Network> notPublicIpv6 =
            networks("2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48");
    private final Network sixToFour = Network.parse("2002::/16");
    private final Network nat64 = Network.parse("64:ff9b::/96");
    private final Set<String> allowedHosts = new HashSet<>();
    private final List<Network> allowedNetworks;

    /**
     * @param allowed host names, addresses and networks ({@code 10.1.0.0/16}, {@code fd00::/8}) that sources may be at
     *     although they are not public
     * @throws IllegalArgumentException naming an entry that is none of these
     */
    public SourcePolicy(List<String> allowed) {
        allowedNetworks = allowed.stream().flatMap(this::network).toList();
    }

    /** Whether a connection to {@code address}, found for {@code host}, may be made. */
    public boolean allows(String host, InetAddress address) {
        return allowedHosts.contains(host.toLowerCase(Locale.ROOT))
                || allowedNetworks.stream().anyMatch(network -> network.contains(address))
                || isPublic(address);
    }

    private Stream<Network> network(String entry) {
        String trimmed = entry.trim();
        if (trimmed.matches("[0-9.]+(/[0-9]+)?") || trimmed.contains(":")) {
            try {
                return Stream.of(Network.parse(trimmed));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + trimmed + "' is not an address or network", e);
            }
        }
        if (!trimmed.matches("[A-Za-z0-9._-]{1,253}")) {
            throw new IllegalArgumentException(
                    "'" + trimmed + "' is neither a host name nor a network such as 10.1.0.0/16");
        }
        allowedHosts.add(trimmed.toLowerCase(Locale.ROOT));
        return Stream.empty();
    }

    private boolean isPublic(InetAddress address) {
        return switch (address) {
            case Inet4Address ipv4 -> notPublicIpv4.stream().noneMatch(network -> network.contains(ipv4));
            case Inet6Address ipv6 -> isPublicIpv6(ipv6);
            default -> false;
        };
    }

    private boolean isPublicIpv6(Inet6Address address) {
        if (nat64.contains(address)) {
            return isPublic(embedded(address, NAT64_IPV4_AT));
        }
        if (sixToFour.contains(address)) {
            return isPublic(embedded(address, SIX_TO_FOUR_IPV4_AT));
        }
        return globalUnicastIpv6.contains(address)
                && notPublicIpv6.stream().noneMatch(network -> network.contains(address));
    }

    private static InetAddress embedded(Inet6Address address, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), from, from + 4));
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::parse).toList();
    }
}
