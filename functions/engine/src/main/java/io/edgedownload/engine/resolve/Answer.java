package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** What one name server said to one question. */
sealed interface Answer {
    /** It settles the question: no other server needs to be asked. */
    sealed interface Conclusive extends Answer {}

    /** Another server may know better. */
    sealed interface Inconclusive extends Answer {}

    /** @param ttlSeconds the least along the chain of aliases */
    record Found(List<InetAddress> addresses, long ttlSeconds) implements Conclusive {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The name is another one's alias, and the answer does not say where that is.
     *
     * @param links how many aliases led to it
     */
    record Alias(Name target, long ttlSeconds, int links) implements Conclusive {}

    /** @param soa of the denying zone; without one the denial must not be kept (RFC 2308 §5) */
    record NoSuchName(@Nullable Soa soa) implements Conclusive {}

    /** The name is there, an address of this family is not. */
    record NoData(@Nullable Soa soa) implements Conclusive {}

    /** SERVFAIL, REFUSED, a referral, an endless chain. */
    record Useless(String reason) implements Inconclusive {}

    /** Nothing came in time. */
    record Silence() implements Inconclusive {}

    /** No way to the server: the port is closed, or the network says no. */
    record Unreachable(String reason) implements Inconclusive {}

    /** @param negativeTtlSeconds the lesser of the record's TTL and its MINIMUM field (RFC 2308 §5) */
    record Soa(Name zone, long negativeTtlSeconds) {}
}
