package io.edgedownload.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * One load on the peers and on us, in turn.
 *
 * @param series with each peer, by its name, in the order of the table; ours are the same in all
 */
record Contest(Load load, String ownName, Map<String, Series<Measured>> series) {

    /** @param rounds of each server */
    record Plan(int rounds, Duration round, Duration warmUp) {}

    private interface Median {
        double of(ToDoubleFunction<Measured> figure);
    }

    static Contest run(Load load, List<Server> peers, Server ours, Path folder, Plan plan)
            throws IOException, InterruptedException {
        Map<String, Series<Measured>> series = new LinkedHashMap<>();
        for (Server peer : peers) {
            load.run(peer, folder, Duration.ofSeconds(1));
            series.put(peer.name(), new Series<>());
        }
        load.run(ours, folder, plan.warmUp());
        for (int round = 0; round < plan.rounds(); round++) {
            Map<String, Measured> measured = new LinkedHashMap<>();
            for (Server peer : peers) {
                measured.put(peer.name(), load.run(peer, folder, plan.round()));
            }
            Measured own = load.run(ours, folder, plan.round());
            series.forEach((peer, each) -> each.add(Objects.requireNonNull(measured.get(peer)), own));
        }
        return new Contest(load, ours.name(), series);
    }

    /** Ours to that peer's. */
    double ratio(String peer, ToDoubleFunction<Measured> figure) {
        return Objects.requireNonNull(series.get(peer), peer).ratio(figure);
    }

    static void printHead() {
        System.out.printf(
                Locale.ROOT,
                "%-13s %-22s %10s %8s %9s %9s %9s%n",
                "load",
                "server",
                "requests/s",
                "MB/s",
                "P50 ms",
                "P99 ms",
                "CPU s/GiB");
    }

    void printRows() {
        series.forEach((peer, each) -> printRow(peer, each::peerMedian));
        printRow(ownName, series.values().iterator().next()::ownMedian);
        series.forEach((peer, each) -> System.out.printf(
                Locale.ROOT,
                "%-13s %-22s %10.2f %8.2f %9.2f %9.2f %9.2f%n",
                load.name(),
                "ratio to " + peer,
                each.ratio(Measured::requestsPerSecond),
                each.ratio(Measured::megabytesPerSecond),
                each.ratio(Measured::p50Micros),
                each.ratio(Measured::p99Micros),
                each.ratio(Measured::cpuSecondsPerGib)));
    }

    private void printRow(String server, Median median) {
        System.out.printf(
                Locale.ROOT,
                "%-13s %-22s %10.0f %8.0f %9.2f %9.2f %9.3f%n",
                load.name(),
                server,
                median.of(Measured::requestsPerSecond),
                median.of(Measured::megabytesPerSecond),
                median.of(Measured::p50Micros) / 1_000,
                median.of(Measured::p99Micros) / 1_000,
                median.of(Measured::cpuSecondsPerGib));
    }

    JsonObject json() {
        JsonObject ratios = new JsonObject();
        JsonObject json = new JsonObject();
        series.forEach((peer, each) -> {
            json.put(peer, figures(each::peerMedian));
            ratios.put(peer, figures(each::ratio));
        });
        return json.put(ownName, figures(series.values().iterator().next()::ownMedian))
                .put("ratio", ratios);
    }

    private static JsonObject figures(Median median) {
        return new JsonObject()
                .put("requestsPerSecond", median.of(Measured::requestsPerSecond))
                .put("megabytesPerSecond", median.of(Measured::megabytesPerSecond))
                .put("p50Micros", median.of(Measured::p50Micros))
                .put("p99Micros", median.of(Measured::p99Micros))
                .put("cpuSecondsPerGib", median.of(Measured::cpuSecondsPerGib));
    }
}
