package io.edgedownload.bench;

import io.edgedownload.local.LocalStack;
import io.edgedownload.local.Sample;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.LogManager;

/** {@code ./bench slow}: what do clients that read slowly leave of the functions for one that does not? */
final class Slow {
    private static final Sample SAMPLE = Sample.SIXTY_FOUR_MIB;
    private static final Load FAST = new Load("64 KiB range", SAMPLE.lengthBytes(), 64 << 10, 1);
    private static final int SLOW_CLIENTS = 10_000;
    private static final long SLOW_RANGE_BYTES = 4 << 20;

    /** Just above what the functions want a client to read, so that none is cut for it. */
    private static final int SLOW_BYTES_PER_SECOND = 2 << 10;

    private final Path folder;
    private final Plan plan;

    /** @param settle after which the kernel holds as much for each slow client as it is willing to */
    private record Plan(int rounds, Duration round, Duration warmUp, Duration settle) {
        static final Plan FULL = new Plan(5, Duration.ofSeconds(8), Duration.ofSeconds(8), Duration.ofSeconds(12));
        static final Plan QUICK = new Plan(1, Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofSeconds(12));
    }

    /** @param series the fast client alone, and beside the slow ones */
    private record Result(Series<Measured> series, List<SlowCrowd.Outcome> outcomes, long residentMib) {
        long cut() {
            return outcomes.stream().mapToLong(SlowCrowd.Outcome::cut).sum();
        }

        long starved() {
            return outcomes.stream().mapToLong(SlowCrowd.Outcome::starved).sum();
        }
    }

    private Slow(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of twice %d s, without and with %d slow clients%n",
                plan.rounds(),
                plan.round().toSeconds(),
                SLOW_CLIENTS);
        Result result = new Slow(Path.of(arguments[0]), plan).measure();
        Series<Measured> series = result.series();
        System.out.printf(Locale.ROOT, "%-22s %10s %9s %9s%n", "slow clients", "requests/s", "P50 ms", "P99 ms");
        System.out.printf(
                Locale.ROOT,
                "%-22d %10.0f %9.2f %9.2f%n",
                0,
                series.peerMedian(Measured::requestsPerSecond),
                series.peerMedian(Measured::p50Millis),
                series.peerMedian(Measured::p99Millis));
        System.out.printf(
                Locale.ROOT,
                "%-22d %10.0f %9.2f %9.2f%n",
                SLOW_CLIENTS,
                series.ownMedian(Measured::requestsPerSecond),
                series.ownMedian(Measured::p50Millis),
                series.ownMedian(Measured::p99Millis));
        System.out.printf(Locale.ROOT, "resident %d MiB at most%n", result.residentMib());
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(verdict(result) ? 0 : 1);
    }

    private Result measure() throws IOException, InterruptedException {
        try (LocalStack stack = LocalStack.start(LocalStack.Options.in(folder.resolve("stack")))) {
            stack.publishSamples();
            Server edge = new Server(
                    "edge-download",
                    stack.edge().uri().resolve("/download/" + SAMPLE.id()),
                    stack.edge().handle());
            FAST.run(edge, folder, plan.warmUp());
            Series<Measured> series = new Series<>();
            List<SlowCrowd.Outcome> outcomes = new ArrayList<>();
            for (int round = 0; round < plan.rounds(); round++) {
                Measured alone = FAST.run(edge, folder, plan.round());
                SlowCrowd crowd = SlowCrowd.ask(edge.url(), SLOW_CLIENTS, SLOW_RANGE_BYTES, SLOW_BYTES_PER_SECOND);
                try (crowd) {
                    var _ = FAST.run(edge, folder, plan.settle());
                    series.add(alone, FAST.run(edge, folder, plan.round()));
                }
                outcomes.add(crowd.outcome());
            }
            return new Result(series, outcomes, edge.mostResidentBytes() >> 20);
        }
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Result result) {
        return Figure.verdict(List.of(
                Figure.atMost(
                        1.0,
                        "reliability",
                        "fast-p50-shift-millis",
                        result.series().difference(Measured::p50Millis)),
                Figure.atMost(0, "reliability", "slow-clients-cut", (double) result.cut()),
                Figure.atMost(0, "reliability", "slow-clients-starved", (double) result.starved())));
    }

    private static JsonObject json(Result result, Plan plan) {
        Series<Measured> series = result.series();
        return new JsonObject()
                .put("benchmark", "slow")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("roundSeconds", plan.round().toSeconds())
                .put("slowClients", SLOW_CLIENTS)
                .put("requestsPerSecondAlone", series.peerMedian(Measured::requestsPerSecond))
                .put("requestsPerSecondBeside", series.ownMedian(Measured::requestsPerSecond))
                .put("p50MillisAlone", series.peerMedian(Measured::p50Millis))
                .put("p50MillisBeside", series.ownMedian(Measured::p50Millis))
                .put("p99MillisAlone", series.peerMedian(Measured::p99Millis))
                .put("p99MillisBeside", series.ownMedian(Measured::p99Millis))
                .put("p50ShiftMillis", series.difference(Measured::p50Millis))
                .put("cut", result.cut())
                .put("starved", result.starved())
                .put("residentMib", result.residentMib());
    }
}
