package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What hosts(5) says, and that {@code localhost} is this machine whatever it says (RFC 6761 §6.3). The library's reader gives
 * one address a name and family; a name may have several.
 */
final class HostsFile {
    private static final String LOCALHOST = "localhost";

    private final Map<String, List<InetAddress>> hosts;
    private final List<InetAddress> loopback =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private HostsFile(Map<String, List<InetAddress>> hosts) {
        this.hosts = Map.copyOf(hosts);
    }

    /** Never fails: a line that makes no sense is left out. */
    static HostsFile parse(String text) {
        Map<String, List<InetAddress>> hosts = new HashMap<>();
        text.lines().forEach(line -> read(line, hosts));
        hosts.replaceAll((_, addresses) -> List.copyOf(addresses));
        return new HostsFile(hosts);
    }

    private static void read(String line, Map<String, List<InetAddress>> hosts) {
        String[] words = line.replaceFirst("(?s)#.*", "").trim().split("\\s+", -1);
        if (words.length < 2) {
            return;
        }
        InetAddress address;
        try {
            address = IpLiteral.parse(words[0]);
        } catch (IllegalArgumentException e) {
            return;
        }
        for (int word = 1; word < words.length; word++) {
            List<InetAddress> addresses = hosts.computeIfAbsent(key(words[word]), _ -> new ArrayList<>());
            if (!addresses.contains(address)) {
                addresses.add(address);
            }
        }
    }

    /**
     * All its addresses, in the order of the file; none when it is not in there. Of {@code localhost} and what ends in it only
     * those of this machine.
     */
    List<InetAddress> addresses(String host) {
        String key = key(host);
        List<InetAddress> addresses = hosts.getOrDefault(key, List.of());
        if (!key.equals(LOCALHOST) && !key.endsWith("." + LOCALHOST)) {
            return addresses;
        }
        List<InetAddress> local =
                addresses.stream().filter(InetAddress::isLoopbackAddress).toList();
        return local.isEmpty() ? loopback : local;
    }

    private static String key(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
