package io.edgedownload.engine.connect;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** In which order the addresses of a name are tried. */
final class AttemptOrder {
    private AttemptOrder() {}

    /**
     * Healthy addresses with an idle connection first, then the other healthy ones, then the rest; among each of them the
     * families take turns, beginning with IPv6 (RFC 8305 §4), and within a family the resolver's order stays.
     */
    static List<InetAddress> of(
            List<InetAddress> addresses, Predicate<InetAddress> healthy, Predicate<InetAddress> idle) {
        List<InetAddress> ordered = new ArrayList<>();
        ordered.addAll(interleaved(addresses, healthy.and(idle)));
        ordered.addAll(interleaved(addresses, healthy.and(idle.negate())));
        ordered.addAll(interleaved(addresses, healthy.negate()));
        return ordered;
    }

    private static List<InetAddress> interleaved(List<InetAddress> addresses, Predicate<InetAddress> wanted) {
        List<InetAddress> ipv6 = new ArrayList<>();
        List<InetAddress> ipv4 = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (wanted.test(address)) {
                (address instanceof Inet6Address ? ipv6 : ipv4).add(address);
            }
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
