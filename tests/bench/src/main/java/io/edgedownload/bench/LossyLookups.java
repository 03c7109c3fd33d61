package io.edgedownload.bench;

import io.edgedownload.fixtures.dns.DnsFault;
import io.edgedownload.fixtures.dns.FaultDns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Name;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * B5: how long look-ups of new names take when the first of two name servers loses packets: with resolvers that know nothing
 * of the servers yet, and with the same ones afterwards.
 */
final class LossyLookups {
    private static final int LOST_PERCENT = 20;
    private static final Duration ANSWER_AFTER = Duration.ofMillis(5);
    private static final long SEED = 8;
    private static final int PER_SECOND = 200;

    /** dnsjava beside us; a round has two halves. */
    record Result(Series<Latencies> serversNew, Series<Latencies> serversKnown) {}

    private record Round(Latencies serversNew, Latencies serversKnown) {}

    private final List<InetSocketAddress> servers;
    private final List<String> names;

    private LossyLookups(List<InetSocketAddress> servers, List<String> names) {
        this.servers = servers;
        this.names = names;
    }

    /** @param lookups of each half of a round */
    static Result measure(int rounds, int lookups) throws IOException, InterruptedException {
        try (FaultDns lossy = FaultDns.start();
                FaultDns sound = FaultDns.start()) {
            Random loss = new Random(SEED);
            lossy.on(_ -> loss.nextInt(100) < LOST_PERCENT).always(new DnsFault.Drop());
            List<String> names = IntStream.range(0, 2 * lookups)
                    .mapToObj(index -> "host-" + index + ".example.test")
                    .toList();
            for (FaultDns dns : List.of(lossy, sound)) {
                dns.onAny().always(new DnsFault.Delay(ANSWER_AFTER));
                names.forEach(name -> dns.host(name, Duration.ofMinutes(5), "192.0.2.1", "2001:db8::1"));
            }
            return new LossyLookups(List.of(lossy.address(), sound.address()), names).measure(rounds);
        }
    }

    private Result measure(int rounds) throws IOException, InterruptedException {
        ours();
        Result result = new Result(new Series<>(), new Series<>());
        for (int done = 0; done < rounds; done++) {
            Round peers = dnsjava();
            Round own = ours();
            result.serversNew().add(peers.serversNew(), own.serversNew());
            result.serversKnown().add(peers.serversKnown(), own.serversKnown());
        }
        return result;
    }

    private Round ours() throws IOException, InterruptedException {
        try (OurResolver resolver = OurResolver.asking(servers)) {
            return round(resolver::find);
        }
    }

    /** With its defaults, and for one family alone: half as many of its questions can be lost. */
    private Round dnsjava() throws IOException, InterruptedException {
        List<Resolver> each =
                servers.stream().<Resolver>map(SimpleResolver::new).toList();
        each.forEach(one -> one.setTimeout(ExtendedResolver.DEFAULT_RESOLVER_TIMEOUT));
        ExtendedResolver resolver = new ExtendedResolver(each);
        return round(name -> {
            Lookup lookup = new Lookup(Name.fromString(name + "."), Type.A);
            lookup.setResolver(resolver);
            lookup.setCache(null);
            if (lookup.run() == null) {
                throw new IOException("dnsjava: " + name + ": " + lookup.getErrorString());
            }
        });
    }

    private Round round(Arrivals.Lookup lookup) throws IOException, InterruptedException {
        int half = names.size() / 2;
        return new Round(
                Arrivals.measure(names.subList(0, half), PER_SECOND, lookup),
                Arrivals.measure(names.subList(half, names.size()), PER_SECOND, lookup));
    }
}
