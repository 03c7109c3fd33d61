package io.edgedownload.bench;

import io.edgedownload.bench.ClusterLookups.Writing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/** {@code ./bench dns}: how fast are names resolved, beside the JDK, dnsjava, and by way of other name servers? */
final class Dns {
    /** The article's P99 by way of a forwarder, of a caching resolver, and at a stub domain: 38.7, 42.3 and 29.5 ms. */
    private static final double ARTICLE_FORWARDER = 1;

    private static final double ARTICLE_CACHING = 42.3 / 38.7;
    private static final double ARTICLE_STUB = 29.5 / 38.7;

    private static final double NANOS_PER_MICRO = 1_000;

    /**
     * @param rounds of each contender
     * @param cached one round of look-ups in the cache
     * @param lossyLookups in half a round
     * @param clusterLookups in a round
     */
    private record Plan(int rounds, Duration cached, int lossyLookups, int clusterLookups) {
        static final Plan FULL = new Plan(5, Duration.ofSeconds(2), 1_000, 600);
        static final Plan QUICK = new Plan(3, Duration.ofMillis(300), 100, 100);
    }

    private record Result(
            CachedLookups.Result cached,
            LossyLookups.Result lossy,
            ClusterLookups.Result absolute,
            ClusterLookups.Result inAPod) {
        List<DnsRow> rows() {
            return Stream.of(
                            rows("loss, servers new", lossy.serversNew()),
                            rows("loss, servers known", lossy.serversKnown()),
                            rows("absolute name", absolute),
                            rows("name as in a pod", inAPod))
                    .flatMap(List::stream)
                    .toList();
        }

        private static List<DnsRow> rows(String load, Series<Latencies> series) {
            return List.of(
                    DnsRow.first(load, "dnsjava", series, Double.NaN),
                    DnsRow.other(load, "edge-download", series, Double.NaN));
        }

        private static List<DnsRow> rows(String load, ClusterLookups.Result result) {
            return List.of(
                    DnsRow.first(load, "plain forwarder (dnsmasq)", result.stubToForwarder(), ARTICLE_FORWARDER),
                    DnsRow.other(load, "caching upstream (unbound)", result.cachingToForwarder(), ARTICLE_CACHING),
                    DnsRow.other(load, "stub domain", result.stubToForwarder(), ARTICLE_STUB));
        }
    }

    private Dns() {}

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(Locale.ROOT, "Measuring %d rounds%n", plan.rounds());
        Result result = measure(Path.of(arguments[0]), plan);
        printCached(result.cached());
        System.out.println(DnsRow.head());
        result.rows().forEach(row -> System.out.println(row.line()));
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(Figure.verdict(figures(result)) ? 0 : 1);
    }

    private static Result measure(Path folder, Plan plan) throws Exception {
        return new Result(
                CachedLookups.measure(plan.rounds(), plan.cached()),
                LossyLookups.measure(plan.rounds(), plan.lossyLookups()),
                ClusterLookups.measure(folder, Writing.ABSOLUTE, plan.rounds(), plan.clusterLookups()),
                ClusterLookups.measure(folder, Writing.AS_IN_A_POD, plan.rounds(), plan.clusterLookups()));
    }

    private static void printCached(CachedLookups.Result cached) {
        System.out.printf(Locale.ROOT, "%-26s %8s %12s%n", "cached look-up", "ns", "ours to it");
        System.out.printf(
                Locale.ROOT, "%-26s %8.0f%n", "edge-download", cached.jdk().ownMedian(nanos -> nanos));
        printPeer("JDK InetAddress", cached.jdk());
        printPeer("dnsjava, one family", cached.dnsjava());
        System.out.println();
    }

    private static void printPeer(String peer, Series<Double> series) {
        System.out.printf(
                Locale.ROOT,
                "%-26s %8.0f %12.2f%n",
                peer,
                series.peerMedian(nanos -> nanos),
                series.ratio(nanos -> nanos));
    }

    private static List<Figure> figures(Result result) {
        double cachedMicros = result.cached().jdk().ownMedian(nanos -> nanos) / NANOS_PER_MICRO;
        return List.of(
                Figure.atMost(1.0, "B5", "cached-lookup-micros", cachedMicros),
                Figure.atMost(
                        0.5,
                        "B5",
                        "uncached-p99-ratio",
                        result.lossy().serversNew().ratio(Latencies::p99Micros)),
                Figure.atMost(0.76, "B5", "stub-p99-ratio", result.inAPod().stubToBest()),
                Figure.atMost(
                        0.76, "D5", "stub-p99-ratio-absolute", result.absolute().stubToBest()));
    }

    private static JsonObject json(Result result, Plan plan) {
        CachedLookups.Result cached = result.cached();
        return new JsonObject()
                .put("benchmark", "dns")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put(
                        "cachedNanos",
                        new JsonObject()
                                .put("edge-download", cached.jdk().ownMedian(nanos -> nanos))
                                .put("jdk", cached.jdk().peerMedian(nanos -> nanos))
                                .put("dnsjava", cached.dnsjava().peerMedian(nanos -> nanos)))
                .put(
                        "lookups",
                        new JsonArray(result.rows().stream().map(DnsRow::json).toList()));
    }
}
