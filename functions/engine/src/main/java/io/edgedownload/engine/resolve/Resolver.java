package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host. */
public interface Resolver {
    /**
     * Blocks until there is an answer or the deadline has passed.
     *
     * @param host a name or an address literal, IPv6 without brackets; a name that ends in a dot is never searched
     */
    Resolution resolve(String host, Deadline deadline) throws InterruptedException;

    /** What came of it. */
    sealed interface Resolution {
        /** @param addresses in the order of the answer, IPv4 first; at least one */
        record Resolved(List<InetAddress> addresses, Provenance provenance) implements Resolution {
            public Resolved {
                addresses = List.copyOf(addresses);
            }
        }

        /** The name does not exist or has no address. */
        record NoAddress(Denial denial, Provenance provenance) implements Resolution {}

        /**
         * No name server gave an answer that could be used.
         *
         * @param reason for the log
         */
        record Failed(String reason) implements Resolution {}

        record TimedOut() implements Resolution {}
    }

    /** Why a name has no address. */
    enum Denial {
        /** The name does not exist (RFC 2308 §2.1). */
        NXDOMAIN,
        /** The name exists, but has neither an A nor an AAAA record (RFC 2308 §2.2). */
        NODATA,
        /** So many names of its zone turned out not to exist that this one was not asked for. */
        GUARDED
    }

    /**
     * Where an answer is from and how long it holds.
     *
     * @param untilNanos until when, in the time of the clock; of no meaning for a fixed answer
     * @param server the name server, or what else knew it
     */
    record Provenance(Freshness freshness, long untilNanos, String server) {
        /** An answer that no name server gave. */
        public static Provenance fixed(String where) {
            return new Provenance(Freshness.FIXED, 0, where);
        }
    }

    /** How far an answer can be trusted to be of today. */
    enum Freshness {
        FRESH,
        /** Its time to live is over, and no name server could be asked for a newer one (RFC 8767). */
        STALE,
        /** An address literal, or an entry of the hosts file. */
        FIXED
    }
}
