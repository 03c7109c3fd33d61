package io.edgedownload.bench;

import io.edgedownload.fixtures.dns.DnsFault;
import io.edgedownload.fixtures.dns.FaultDns;
import io.edgedownload.fixtures.dns.NameServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * D5: how long look-ups of a cluster's names take through a caching upstream, through a plain forwarder, and asked of the
 * cluster's name server directly, because its domain is a stub domain. The cluster's name server takes
 * {@link #ANSWER_AFTER}. Every look-up is the first of its name, for what a cache knows our own answers before anybody is asked.
 */
final class ClusterLookups {
    private static final Duration ANSWER_AFTER = Duration.ofMillis(20);
    private static final String CLUSTER = "cluster.local";
    private static final int PER_SECOND = 200;

    /** As CoreDNS gives out its cluster's names, unless told otherwise. */
    private static final Duration TTL = Duration.ofSeconds(5);

    /** The node's, which a pod has with the policy Default: beside a stub domain it needs no more. */
    private static final String OF_THE_NODE = "search example.net\n";

    /** How a name is written, and what resolv.conf says to those who ask the cluster's server by way of another. */
    enum Writing {
        /** With a dot at its end, it is searched nowhere. */
        ABSOLUTE(OF_THE_NODE, ".media.svc.cluster.local."),
        /** A pod's, with the policy ClusterFirst: a name with four dots may mean four names, itself last. */
        AS_IN_A_POD(
                "search bench.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n",
                ".media.svc.cluster.local");

        private final String resolvConf;
        private final String suffix;

        Writing(String resolvConf, String suffix) {
            this.resolvConf = resolvConf;
            this.suffix = suffix;
        }
    }

    /** Each pair of the three ways; {@code stubToCaching} has the caching upstream as peer of the stub domain. */
    record Result(
            Series<Latencies> cachingToForwarder, Series<Latencies> stubToForwarder, Series<Latencies> stubToCaching) {
        static Result empty() {
            return new Result(new Series<>(), new Series<>(), new Series<>());
        }

        void add(Latencies caching, Latencies forwarder, Latencies stub) {
            cachingToForwarder.add(forwarder, caching);
            stubToForwarder.add(forwarder, stub);
            stubToCaching.add(caching, stub);
        }

        /** P99 at the stub domain to that of the better of the others. */
        double stubToBest() {
            return Math.max(stubToForwarder.ratio(Latencies::p99Micros), stubToCaching.ratio(Latencies::p99Micros));
        }
    }

    private final FaultDns cluster;
    private final Path folder;
    private final Writing writing;
    private int named;

    private ClusterLookups(FaultDns cluster, Path folder, Writing writing) {
        this.cluster = cluster;
        this.folder = folder;
        this.writing = writing;
    }

    /** @param lookups of each round */
    static Result measure(Path folder, Writing writing, int rounds, int lookups)
            throws IOException, InterruptedException {
        try (FaultDns cluster = FaultDns.start();
                NameServerProcess unbound = NameServerProcess.unbound(folder, CLUSTER, cluster.address());
                NameServerProcess dnsmasq = NameServerProcess.dnsmasq(folder, cluster.address())) {
            cluster.soa(CLUSTER, TTL, TTL);
            cluster.onAny().always(new DnsFault.Delay(ANSWER_AFTER));
            return new ClusterLookups(cluster, folder, writing)
                    .measure(unbound.address(), dnsmasq.address(), rounds, lookups);
        }
    }

    private Result measure(InetSocketAddress caching, InetSocketAddress forwarder, int rounds, int lookups)
            throws IOException, InterruptedException {
        Path ofThePod = Files.writeString(folder.resolve("pod.conf"), writing.resolvConf);
        Path ofTheNode = Files.writeString(folder.resolve("node.conf"), OF_THE_NODE);
        try (OurResolver throughCaching = OurResolver.searching(ofThePod, caching, Map.of());
                OurResolver throughForwarder = OurResolver.searching(ofThePod, forwarder, Map.of());
                OurResolver stub = OurResolver.searching(ofTheNode, forwarder, Map.of(CLUSTER, cluster.address()))) {
            List<OurResolver> resolvers = List.of(throughCaching, throughForwarder, stub);
            for (OurResolver each : resolvers) {
                round(each, lookups / 2);
            }
            Result result = Result.empty();
            for (int done = 0; done < rounds; done++) {
                Latencies cachings = round(throughCaching, lookups);
                Latencies forwarders = round(throughForwarder, lookups);
                result.add(cachings, forwarders, round(stub, lookups));
            }
            return result;
        }
    }

    private Latencies round(OurResolver resolver, int lookups) throws IOException, InterruptedException {
        List<String> names = IntStream.range(named, named + lookups)
                .mapToObj(index -> "origin-" + index + writing.suffix)
                .toList();
        named += lookups;
        names.forEach(name -> cluster.host(name, TTL, "192.0.2.1", "2001:db8::1"));
        return Arrivals.measure(names, PER_SECOND, resolver::find);
    }
}
