package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is found out about one family of a name, aliases followed. */
sealed interface FamilyAnswer {
    /** @param latencyNanos that the servers took for it, over all aliases */
    record Found(List<InetAddress> addresses, long ttlSeconds, DnsServer server, long latencyNanos)
            implements FamilyAnswer {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** @param nxdomain whether the name has no records of any type */
    record Denied(boolean nxdomain, Answer.@Nullable Soa soa, DnsServer server) implements FamilyAnswer {}

    record Failed(String reason) implements FamilyAnswer {}
}
