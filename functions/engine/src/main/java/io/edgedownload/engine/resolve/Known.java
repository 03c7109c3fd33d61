package io.edgedownload.engine.resolve;

import io.edgedownload.engine.resolve.Resolver.Freshness;
import io.edgedownload.engine.resolve.Resolver.Provenance;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What is known of a name. */
sealed interface Known {
    record Nothing() implements Known {}

    /**
     * @param ipv4 how long ago each family was learned is its own: a family that could not be asked keeps what it had
     * @param learnedNanos when the newer one was learned
     * @param expiresNanos may be at once: then whoever waited for the answer has it, and nobody else
     * @param fresh the answer while it holds, made once
     */
    record Addresses(Part ipv4, Part ipv6, long learnedNanos, long expiresNanos, Resolution.Resolved fresh)
            implements Known {

        static Addresses of(Part ipv4, Part ipv6, long learnedNanos, long expiresNanos, DnsServer server) {
            List<InetAddress> all = new ArrayList<>(ipv4.addresses());
            all.addAll(ipv6.addresses());
            Provenance provenance = new Provenance(Freshness.FRESH, expiresNanos, server.toString());
            return new Addresses(ipv4, ipv6, learnedNanos, expiresNanos, new Resolution.Resolved(all, provenance));
        }

        List<InetAddress> all() {
            return fresh.addresses();
        }

        Resolution.Resolved stale(long untilNanos) {
            return new Resolution.Resolved(
                    all(),
                    new Provenance(
                            Freshness.STALE, untilNanos, fresh.provenance().server()));
        }
    }

    /** @param answer holds until its provenance says */
    record Denied(Resolution.NoAddress answer) implements Known {
        long expiresNanos() {
            return answer.provenance().untilNanos();
        }
    }

    /** One family's addresses. */
    record Part(List<InetAddress> addresses, long learnedNanos) {
        public Part {
            addresses = List.copyOf(addresses);
        }
    }
}
