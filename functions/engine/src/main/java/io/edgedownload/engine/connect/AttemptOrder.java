package io.edgedownload.engine.connect;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** In which order the addresses of a name are tried. */
final class AttemptOrder {
    private enum Rank {
        /** Healthy, with an idle connection. */
        IDLE,
        HEALTHY,
        SICK
    }

    private AttemptOrder() {}

    /**
     * Healthy addresses with an idle connection first, then the other healthy ones, then the rest; among each of them the
     * families take turns, beginning with IPv6 (RFC 8305 §4), and within a family the resolver's order stays.
     */
    static List<InetAddress> of(
            List<InetAddress> addresses, Predicate<InetAddress> healthy, Predicate<InetAddress> idle) {
        // Each is judged once: what is idle or healthy changes at any moment, and none may fall between two ranks.
        Map<Rank, List<InetAddress>> ranked =
                addresses.stream().collect(Collectors.groupingBy(address -> rank(address, healthy, idle)));
        return Stream.of(Rank.values())
                .flatMap(rank -> interleaved(ranked.getOrDefault(rank, List.of())).stream())
                .toList();
    }

    private static Rank rank(InetAddress address, Predicate<InetAddress> healthy, Predicate<InetAddress> idle) {
        if (!healthy.test(address)) {
            return Rank.SICK;
        }
        return idle.test(address) ? Rank.IDLE : Rank.HEALTHY;
    }

    private static List<InetAddress> interleaved(List<InetAddress> addresses) {
        List<InetAddress> ipv6 = new ArrayList<>();
        List<InetAddress> ipv4 = new ArrayList<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? ipv6 : ipv4).add(address);
        }
        List<InetAddress> turns = new ArrayList<>();
        for (int turn = 0; turn < Math.max(ipv6.size(), ipv4.size()); turn++) {
            if (turn < ipv6.size()) {
                turns.add(ipv6.get(turn));
            }
            if (turn < ipv4.size()) {
                turns.add(ipv4.get(turn));
            }
        }
        return turns;
    }
}
