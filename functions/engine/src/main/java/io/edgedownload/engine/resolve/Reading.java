package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * Reads what a message says to a question. Only records along the question's chain of aliases count, and only inside the
 * zone that the server was asked for: whatever else it says of other names is ignored.
 */
final class Reading {
    /** Aliases to follow; longer chains are a loop or a mistake. */
    static final int MAX_LINKS = 8;

    /** Addresses of one family to keep; the rest of a larger answer is left out. */
    static final int MAX_ADDRESSES = 32;

    /** TTLs with the top bit set are to be read as 0 (RFC 2181 §8). */
    private static final long MAX_TTL_SECONDS = Integer.MAX_VALUE;

    private final Message message;
    private final Question question;
    private final Name zone;

    private Reading(Message message, Question question, Name zone) {
        this.message = message;
        this.question = question;
        this.zone = zone;
    }

    /** @param zone what the server was asked for: a stub domain, or the root */
    static Answer read(Message message, Question question, Name zone) {
        return new Reading(message, question, zone).read();
    }

    private Answer read() {
        int rcode = message.getRcode();
        return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN
                ? follow(rcode)
                : new Answer.Useless(Rcode.string(rcode));
    }

    private Answer follow(int rcode) {
        Name name = question.name();
        long ttlSeconds = MAX_TTL_SECONDS;
        for (int links = 0; links <= MAX_LINKS; links++) {
            Answer.Found found = addresses(name, ttlSeconds);
            if (found != null) {
                return found;
            }
            CNAMERecord alias = alias(name);
            if (alias == null) {
                return without(name, rcode, ttlSeconds, links);
            }
            name = alias.getTarget();
            ttlSeconds = Math.min(ttlSeconds, ttlSeconds(alias));
            if (!name.subdomain(zone)) {
                return new Answer.Alias(name, ttlSeconds, links + 1);
            }
        }
        return new Answer.Useless("more than " + MAX_LINKS + " aliases");
    }

    /** What a message without an address at the chain's end means. */
    private Answer without(Name end, int rcode, long ttlSeconds, int links) {
        Answer.Soa soa = soa(end);
        if (rcode == Rcode.NXDOMAIN) {
            // Of the last name of the chain (RFC 6604 §2.1), so of none on it.
            return new Answer.NoSuchName(soa);
        }
        if (soa != null) {
            return new Answer.NoData(soa);
        }
        if (links > 0) {
            return new Answer.Alias(end, ttlSeconds, links);
        }
        boolean referral = message.getSection(Section.AUTHORITY).stream().anyMatch(NSRecord.class::isInstance);
        return referral && !message.getHeader().getFlag(Flags.AA)
                ? new Answer.Useless("a referral: the server does not know the zone")
                : new Answer.NoData(null);
    }

    private Answer.@Nullable Found addresses(Name name, long ttlSeconds) {
        List<InetAddress> addresses = new ArrayList<>();
        long least = ttlSeconds;
        for (Record record : message.getSection(Section.ANSWER)) {
            InetAddress address = at(name, record) ? address(record) : null;
            if (address != null && addresses.size() < MAX_ADDRESSES) {
                addresses.add(address);
                least = Math.min(least, ttlSeconds(record));
            }
        }
        return addresses.isEmpty() ? null : new Answer.Found(addresses, least);
    }

    private @Nullable InetAddress address(Record record) {
        return switch (record) {
            case ARecord a when question.family() == Family.IPV4 -> nameless(a.getAddress());
            case AAAARecord aaaa when question.family() == Family.IPV6 -> nameless(aaaa.getAddress());
            default -> null;
        };
    }

    private @Nullable CNAMERecord alias(Name name) {
        for (Record record : message.getSection(Section.ANSWER)) {
            if (record instanceof CNAMERecord alias && at(name, record)) {
                return alias;
            }
        }
        return null;
    }

    private Answer.@Nullable Soa soa(Name denied) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa
                    && record.getDClass() == DClass.IN
                    && denied.subdomain(soa.getName())
                    && soa.getName().subdomain(zone)) {
                return new Answer.Soa(soa.getName(), Math.min(ttlSeconds(soa), soa.getMinimum()));
            }
        }
        return null;
    }

    private static boolean at(Name name, Record record) {
        return record.getDClass() == DClass.IN && record.getName().equals(name);
    }

    private static long ttlSeconds(Record record) {
        return record.getTTL() > MAX_TTL_SECONDS ? 0 : record.getTTL();
    }

    /** The parser's addresses carry the name, which would end up in their text. */
    private static InetAddress nameless(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new AssertionError("the octets of an address are an address", e);
        }
    }
}
