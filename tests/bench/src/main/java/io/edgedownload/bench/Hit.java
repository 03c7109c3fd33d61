package io.edgedownload.bench;

import io.edgedownload.local.EdgeProcess;
import io.edgedownload.local.LocalStack;
import io.edgedownload.local.Sample;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;

/** {@code ./bench hit}: how fast are bytes from memory, beside nginx that sends the same file out of the page cache? */
final class Hit {
    private static final Sample SAMPLE = Sample.SIXTY_FOUR_MIB;
    private static final Load RANGES = new Load("64 KiB range", SAMPLE.lengthBytes(), 64 << 10, 64);
    private static final Load CHUNKS = new Load("4 MiB chunk", SAMPLE.lengthBytes(), 4 << 20, 32);

    private final Path folder;
    private final Plan plan;

    /** @param rounds of each server and load */
    private record Plan(int rounds, Duration round, Duration warmUp) {
        static final Plan FULL = new Plan(7, Duration.ofSeconds(4), Duration.ofSeconds(12));
        static final Plan QUICK = new Plan(5, Duration.ofSeconds(1), Duration.ofSeconds(8));
    }

    private record Result(Series<Measured> ranges, Series<Measured> chunks) {}

    private Hit(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        Result result = new Hit(Path.of(arguments[0]), plan).measure();
        System.out.printf(
                Locale.ROOT,
                "%-13s %-14s %10s %8s %9s %9s %9s%n",
                "load",
                "server",
                "requests/s",
                "MB/s",
                "P50 ms",
                "P99 ms",
                "CPU s/GiB");
        printRows(RANGES, result.ranges());
        printRows(CHUNKS, result.chunks());
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(verdict(result) ? 0 : 1);
    }

    private Result measure() throws IOException, InterruptedException {
        LocalStack.Options options = LocalStack.Options.in(folder.resolve("stack"));
        try (LocalStack stack = LocalStack.start(options);
                Nginx nginx = Nginx.start(folder, folder.resolve("stack").resolve("origin"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(nginx::close, "stop-nginx"));
            stack.publishSamples();
            EdgeProcess edge = stack.edge();
            Server ours = new Server("edge-download", edge.uri().resolve("/download/" + SAMPLE.id()), edge.handle());
            Server peer = nginx.server(SAMPLE.id());
            System.out.printf(
                    Locale.ROOT,
                    "Measuring %d rounds of %d s each%n",
                    plan.rounds(),
                    plan.round().toSeconds());
            return new Result(series(RANGES, peer, ours), series(CHUNKS, peer, ours));
        }
    }

    private Series<Measured> series(Load load, Server peer, Server ours) throws IOException, InterruptedException {
        load.run(peer, folder, Duration.ofSeconds(1));
        load.run(ours, folder, plan.warmUp());
        Series<Measured> series = new Series<>();
        for (int round = 0; round < plan.rounds(); round++) {
            Measured peers = load.run(peer, folder, plan.round());
            series.add(peers, load.run(ours, folder, plan.round()));
        }
        return series;
    }

    private static void printRows(Load load, Series<Measured> series) {
        row(load, "nginx", series::peerMedian);
        row(load, "edge-download", series::ownMedian);
        System.out.printf(
                Locale.ROOT,
                "%-13s %-14s %10.2f %8.2f %9.2f %9.2f %9.2f%n",
                load.name(),
                "ratio",
                series.ratio(Measured::requestsPerSecond),
                series.ratio(Measured::megabytesPerSecond),
                series.ratio(Measured::p50Micros),
                series.ratio(Measured::p99Micros),
                series.ratio(Measured::cpuSecondsPerGib));
    }

    private interface Median {
        double of(ToDoubleFunction<Measured> figure);
    }

    private static void row(Load load, String server, Median median) {
        System.out.printf(
                Locale.ROOT,
                "%-13s %-14s %10.0f %8.0f %9.2f %9.2f %9.3f%n",
                load.name(),
                server,
                median.of(Measured::requestsPerSecond),
                median.of(Measured::megabytesPerSecond),
                median.of(Measured::p50Micros) / 1_000,
                median.of(Measured::p99Micros) / 1_000,
                median.of(Measured::cpuSecondsPerGib));
    }

    /** Prints the figures that have a target; true when none is missed. */
    private static boolean verdict(Result result) {
        boolean passes = Figure.verdict(List.of(
                Figure.atLeast(1.2, "B2", "throughput-ratio", result.ranges().ratio(Measured::requestsPerSecond)),
                Figure.atMost(1.0, "B2", "p99-ratio", result.ranges().ratio(Measured::p99Micros))));
        System.out.printf(
                Locale.ROOT,
                "B1 throughput-ratio SKIPPED the SSD tier is not there yet (from memory: %.2f)%n",
                result.chunks().ratio(Measured::megabytesPerSecond));
        System.out.printf(
                Locale.ROOT,
                "B1 p99-ratio SKIPPED the SSD tier is not there yet (from memory: %.2f)%n",
                result.chunks().ratio(Measured::p99Micros));
        return passes;
    }

    private static JsonObject json(Result result, Plan plan) {
        return new JsonObject()
                .put("benchmark", "hit")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("roundSeconds", plan.round().toSeconds())
                .put(RANGES.name(), json(result.ranges()))
                .put(CHUNKS.name(), json(result.chunks()));
    }

    private static JsonObject json(Series<Measured> series) {
        return new JsonObject()
                .put("nginx", figures(series::peerMedian))
                .put("edge-download", figures(series::ownMedian))
                .put("ratio", figures(series::ratio));
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
