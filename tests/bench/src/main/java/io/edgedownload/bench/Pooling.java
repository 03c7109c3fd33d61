package io.edgedownload.bench;

import io.edgedownload.bench.PooledCalls.Calls;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.Wanted.Reuse;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;

/** {@code ./bench pool}: what do warm connections to an origin bring, beside a new one for each request? */
final class Pooling {
    private static final int BODY_BYTES = 1 << 10;
    private static final int CALLERS = 32;

    private record Plan(int rounds, Duration round, Duration warmUp) {
        static final Plan FULL = new Plan(7, Duration.ofSeconds(4), Duration.ofSeconds(8));
        static final Plan QUICK = new Plan(5, Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    private interface Median {
        double of(ToDoubleFunction<Calls> figure);
    }

    private Pooling() {}

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of %d s each%n",
                plan.rounds(),
                plan.round().toSeconds());
        Series<Calls> series = measure(Path.of(arguments[0]), plan);
        System.out.printf(Locale.ROOT, "%-24s %10s %12s %9s%n", "connections", "requests/s", "us/request", "reused %");
        printRow("a new one each", series::peerMedian);
        printRow("pooled", series::ownMedian);
        Files.writeString(Path.of(arguments[1]), json(series, plan).encodePrettily() + "\n");
        System.exit(verdict(series) ? 0 : 1);
    }

    private static Series<Calls> measure(Path folder, Plan plan) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        TlsOrigin origin = TlsOrigin.start(vertx, folder, BODY_BYTES);
        PooledCalls calls =
                new PooledCalls(vertx, new Origin(true, TlsOrigin.HOST, origin.port()), BODY_BYTES, CALLERS);
        calls.measure(Reuse.FRESH, plan.warmUp());
        calls.measure(Reuse.ALLOWED, plan.warmUp());
        Series<Calls> series = new Series<>();
        for (int round = 0; round < plan.rounds(); round++) {
            Calls fresh = calls.measure(Reuse.FRESH, plan.round());
            series.add(fresh, calls.measure(Reuse.ALLOWED, plan.round()));
        }
        return series;
    }

    private static void printRow(String connections, Median median) {
        System.out.printf(
                Locale.ROOT,
                "%-24s %10.0f %12.0f %9.2f%n",
                connections,
                median.of(Calls::perSecond),
                median.of(Calls::micros),
                median.of(Calls::reusedPercent));
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Series<Calls> series) {
        return Figure.verdict(List.of(
                Figure.atLeast(99, "B6", "reused-percent", series.ownMedian(Calls::reusedPercent)),
                Figure.atLeast(3.2, "B6", "throughput-ratio", series.ratio(Calls::perSecond))));
    }

    private static JsonObject json(Series<Calls> series, Plan plan) {
        return new JsonObject()
                .put("benchmark", "pool")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("roundSeconds", plan.round().toSeconds())
                .put("a new connection each", figures(series::peerMedian))
                .put("pooled", figures(series::ownMedian))
                .put("throughputRatio", series.ratio(Calls::perSecond));
    }

    private static JsonObject figures(Median median) {
        return new JsonObject()
                .put("requestsPerSecond", median.of(Calls::perSecond))
                .put("reusedPercent", median.of(Calls::reusedPercent));
    }
}
