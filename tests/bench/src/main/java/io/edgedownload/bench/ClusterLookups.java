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

    /** How a name is written, and what resolv.conf says. */
    enum Writing {
        /** With a dot at its end, it is searched nowhere. */
        ABSOLUTE("search example.net\n", "search example.net\n", ".media.svc.cluster.local."),
        /** As SERVICE.NAMESPACE: the policy ClusterFirst looks for it in the pod's own namespace first. */
        AS_IN_A_POD(
                "search bench.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n",
                "search svc.cluster.local\noptions ndots:2\n",
                ".media");

        /** For those who ask the cluster's server by way of another. */
        private final String clusterFirst;

        /** Beside a stub domain: the policy None, or Default and the settings of the same names. */
        private final String besideStub;

        private final String suffix;

        Writing(String clusterFirst, String besideStub, String suffix) {
            this.clusterFirst = clusterFirst;
            this.besideStub = besideStub;
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
        Path clusterFirst = Files.writeString(folder.resolve("cluster-first.conf"), writing.clusterFirst);
        Path besideStub = Files.writeString(folder.resolve("beside-stub.conf"), writing.besideStub);
        try (OurResolver throughCaching = OurResolver.searching(clusterFirst, caching, Map.of());
                OurResolver throughForwarder = OurResolver.searching(clusterFirst, forwarder, Map.of());
                OurResolver stub = OurResolver.searching(besideStub, forwarder, Map.of(CLUSTER, cluster.address()))) {
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
        List<String> origins = IntStream.range(named, named + lookups)
                .mapToObj(index -> "origin-" + index)
                .toList();
        named += lookups;
        origins.forEach(origin -> cluster.host(origin + ".media.svc.cluster.local", TTL, "192.0.2.1", "2001:db8::1"));
        List<String> names =
                origins.stream().map(origin -> origin + writing.suffix).toList();
        return Arrivals.measure(names, PER_SECOND, resolver::find);
    }
}
