package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a look-up found out about a name. */
sealed interface Learned {
    /**
     * @param ipv4 null when that family is not known yet, or could not be found out
     * @param ipv6 as well
     * @param ttlSeconds the lesser of the two answers'
     * @param latencyNanos the greater of the two answers'
     */
    record Addresses(
            @Nullable List<InetAddress> ipv4,
            @Nullable List<InetAddress> ipv6,
            long ttlSeconds,
            long latencyNanos,
            DnsServer server)
            implements Learned {}

    record Denied(Resolver.Denial denial, Answer.@Nullable Soa soa, DnsServer server) implements Learned {}

    record Failed(String reason) implements Learned {}

    /**
     * Puts the families together.
     *
     * @param ipv4 null when it has not come; at least one of the two has
     */
    static Learned of(@Nullable FamilyAnswer ipv4, @Nullable FamilyAnswer ipv6) {
        if (ipv4 instanceof FamilyAnswer.Found four) {
            return ipv6 instanceof FamilyAnswer.Found six
                    ? new Addresses(
                            four.addresses(),
                            six.addresses(),
                            Math.min(four.ttlSeconds(), six.ttlSeconds()),
                            Math.max(four.latencyNanos(), six.latencyNanos()),
                            four.server())
                    : one(four.addresses(), known(ipv6), four);
        }
        if (ipv6 instanceof FamilyAnswer.Found six) {
            return one(known(ipv4), six.addresses(), six);
        }
        return without(ipv4, ipv6);
    }

    private static Addresses one(
            @Nullable List<InetAddress> ipv4, @Nullable List<InetAddress> ipv6, FamilyAnswer.Found found) {
        return new Addresses(ipv4, ipv6, found.ttlSeconds(), found.latencyNanos(), found.server());
    }

    /** A denied family is known to be empty. */
    private static @Nullable List<InetAddress> known(@Nullable FamilyAnswer answer) {
        return answer instanceof FamilyAnswer.Denied ? List.of() : null;
    }

    private static Learned without(@Nullable FamilyAnswer ipv4, @Nullable FamilyAnswer ipv6) {
        if (ipv4 instanceof FamilyAnswer.Denied four && (four.nxdomain() || ipv6 instanceof FamilyAnswer.Denied)) {
            return new Denied(
                    four.nxdomain() ? Resolver.Denial.NXDOMAIN : Resolver.Denial.NODATA, four.soa(), four.server());
        }
        // A denial of AAAA alone denies nothing: some servers deny the name although it has an A record (RFC 4074
        // §4.2).
        return ipv4 instanceof FamilyAnswer.Failed four
                ? new Failed(four.reason())
                : new Failed(ipv6 instanceof FamilyAnswer.Failed six ? six.reason() : "only one family was answered");
    }
}
