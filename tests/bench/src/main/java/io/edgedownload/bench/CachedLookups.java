package io.edgedownload.bench;

import io.edgedownload.engine.resolve.Resolver.Resolution.Resolved;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.fixtures.dns.FaultDns;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Name;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** B5: how long a look-up takes whose answer is known already, on one thread. */
final class CachedLookups {
    private static final String NAME = "origin-1.media.svc.cluster.local";
    private static final int CALLS_BETWEEN_CLOCKS = 1_000;

    /** Nanoseconds a look-up, ours beside a peer's. */
    record Result(Series<Double> jdk, Series<Double> dnsjava) {}

    /** A cached look-up; says how many addresses it brought. */
    @FunctionalInterface
    private interface Call {
        int run() throws Exception;
    }

    private CachedLookups() {}

    static Result measure(int rounds, Duration round) throws Exception {
        try (FaultDns dns = FaultDns.start();
                OurResolver ours = OurResolver.asking(List.of(dns.address()))) {
            dns.host(NAME, Duration.ofMinutes(15), "192.0.2.1", "2001:db8::1");
            Call own = own(ours);
            Call jdk = () -> InetAddress.getAllByName("localhost").length;
            Call dnsjava = dnsjava(dns);
            for (Call each : List.of(own, jdk, dnsjava)) {
                nanosACall(each, round.multipliedBy(2));
            }
            Result result = new Result(new Series<>(), new Series<>());
            for (int done = 0; done < rounds; done++) {
                double jdkNanos = nanosACall(jdk, round);
                double ownNanos = nanosACall(own, round);
                double dnsjavaNanos = nanosACall(dnsjava, round);
                result.jdk().add(jdkNanos, ownNanos);
                result.dnsjava().add(dnsjavaNanos, ownNanos);
            }
            return result;
        }
    }

    private static Call own(OurResolver resolver) {
        Deadline deadline = resolver.deadline();
        return () -> {
            if (resolver.resolve(NAME, deadline) instanceof Resolved resolved) {
                return resolved.addresses().size();
            }
            throw new IOException("our resolver does not know " + NAME);
        };
    }

    /** For one family, with the name read once: what there is without any policy. */
    private static Call dnsjava(FaultDns dns) throws TextParseException {
        Name name = Name.fromString(NAME + ".");
        SimpleResolver resolver = new SimpleResolver(dns.address());
        Cache cache = new Cache(DClass.IN);
        return () -> {
            Lookup lookup = new Lookup(name, Type.A);
            lookup.setResolver(resolver);
            lookup.setCache(cache);
            var records = lookup.run();
            if (records == null) {
                throw new IOException("dnsjava does not know " + NAME + ": " + lookup.getErrorString());
            }
            return records.length;
        };
    }

    private static double nanosACall(Call call, Duration duration) throws Exception {
        long calls = 0;
        long found = 0;
        long startNanos = System.nanoTime();
        long tookNanos;
        do {
            for (int i = 0; i < CALLS_BETWEEN_CLOCKS; i++) {
                found += call.run();
            }
            calls += CALLS_BETWEEN_CLOCKS;
            tookNanos = System.nanoTime() - startNanos;
        } while (tookNanos < duration.toNanos());
        // What nobody looks at, the compiler may leave out.
        if (found < calls) {
            throw new IOException("a look-up brought no address");
        }
        return (double) tookNanos / calls;
    }
}
