package io.edgedownload.bench;

import io.edgedownload.local.LocalStack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;

/** {@code ./bench herd}: what does the origin have to send, and how long does it take, when many ask for what nobody has? */
final class Herd {
    private static final int CLIENTS = 100;
    private static final Duration ROUND_TRIP = Duration.ofMillis(30);
    private static final int BYTES_PER_SECOND = 1_000_000;

    private final Plan plan;
    private final DistantOrigin origin;
    private final long checksum;

    private record Plan(int rounds, long objectBytes) {
        static final Plan FULL = new Plan(5, 256 << 20);
        static final Plan QUICK = new Plan(1, 16 << 20);
    }

    /** @param originShare what the origin sent, in objects */
    private record Run(double seconds, double originShare) {}

    private interface Median {
        double of(ToDoubleFunction<Run> figure);
    }

    private Herd(Plan plan, DistantOrigin origin) {
        this.plan = plan;
        this.origin = origin;
        this.checksum = origin.checksum();
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for a smaller object. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of %d clients and %d MiB%n",
                plan.rounds(),
                CLIENTS,
                plan.objectBytes() >> 20);
        Series<Run> series;
        try (DistantOrigin origin =
                DistantOrigin.start(new DistantOrigin.Far(plan.objectBytes(), ROUND_TRIP, BYTES_PER_SECOND))) {
            series = new Herd(plan, origin).measure(Path.of(arguments[0]));
        }
        System.out.printf(Locale.ROOT, "%-14s %10s %16s%n", "server", "seconds", "origin sent");
        printRow("nginx slices", series::peerMedian);
        printRow("edge-download", series::ownMedian);
        System.out.printf(Locale.ROOT, "%-14s %10.2f%n", "ratio", series.ratio(Run::seconds));
        Files.writeString(Path.of(arguments[1]), json(series, plan).encodePrettily() + "\n");
        System.exit(verdict(series) ? 0 : 1);
    }

    private Series<Run> measure(Path folder) throws IOException, InterruptedException {
        try (LocalStack stack = LocalStack.start(LocalStack.Options.in(folder.resolve("stack")));
                Peer nginx = Nginx.ofSlices(folder, origin.uri(), Publications.CHUNK_BYTES)) {
            Series<Run> series = new Series<>();
            for (int round = 0; round < plan.rounds(); round++) {
                String id = "herd-" + round;
                Run peer = run(nginx.uri().resolve("/" + id));
                Publications.publish(stack, origin, id);
                series.add(peer, run(stack.edge().uri().resolve("/download/" + id)));
            }
            return series;
        }
    }

    private Run run(URI url) throws IOException, InterruptedException {
        long before = origin.bodyBytes();
        Duration took = Crowd.ask(url, CLIENTS, checksum);
        return new Run(took.toNanos() / 1e9, (double) (origin.bodyBytes() - before) / plan.objectBytes());
    }

    private static void printRow(String server, Median median) {
        System.out.printf(
                Locale.ROOT, "%-14s %10.2f %16.4f%n", server, median.of(Run::seconds), median.of(Run::originShare));
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Series<Run> series) {
        return Figure.verdict(List.of(
                Figure.atMost(1.0, "B3", "origin-bytes-ratio", series.ownMedian(Run::originShare)),
                Figure.atMost(0.25, "B3", "time-ratio", series.ratio(Run::seconds))));
    }

    private static JsonObject json(Series<Run> series, Plan plan) {
        return new JsonObject()
                .put("benchmark", "herd")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("clients", CLIENTS)
                .put("objectBytes", plan.objectBytes())
                .put("nginx slices", figures(series::peerMedian))
                .put("edge-download", figures(series::ownMedian))
                .put("timeRatio", series.ratio(Run::seconds));
    }

    private static JsonObject figures(Median median) {
        return new JsonObject()
                .put("seconds", median.of(Run::seconds))
                .put("originBytesRatio", median.of(Run::originShare));
    }
}
