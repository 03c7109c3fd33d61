package io.edgedownload.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code ./bench breaker}: what does guarding a call cost, beside resilience4j's circuit breaker? */
final class BreakerCost {
    /**
     * One object of the smallest size, 16 bytes, in a hundred calls: a bucket a second, and what JMH allocates itself, is next to
     * nothing a call, but not quite nothing.
     */
    private static final double NO_ALLOCATION_BYTES = 0.16;

    private final Plan plan;

    /** @param rounds of each breaker and number of threads, each in a JVM of its own */
    private record Plan(int rounds, int iterations, Duration iteration) {
        static final Plan FULL = new Plan(7, 5, Duration.ofMillis(500));
        static final Plan QUICK = new Plan(3, 4, Duration.ofMillis(250));
    }

    /** @param allocatedBytes a call, as JMH's profiler of the garbage collector says */
    private record Cost(double nanos, double allocatedBytes) {}

    private record Result(Series<Cost> one, Series<Cost> two) {}

    private BreakerCost(Plan plan) {
        this.plan = plan;
    }

    /** Arguments: a folder for data, which this one does not use, the JSON file to write, and {@code --quick}. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of %d times %d ms each%n",
                plan.rounds(),
                plan.iterations(),
                plan.iteration().toMillis());
        BreakerCost cost = new BreakerCost(plan);
        Result result = new Result(cost.series(1), cost.series(2));
        System.out.printf(Locale.ROOT, "%-8s %-14s %9s %9s%n", "threads", "breaker", "ns/call", "B/call");
        printRows(1, result.one());
        printRows(2, result.two());
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(verdict(result) ? 0 : 1);
    }

    private Series<Cost> series(int threads) throws RunnerException {
        Series<Cost> series = new Series<>();
        for (int round = 0; round < plan.rounds(); round++) {
            Cost peers = run("peers", threads);
            series.add(peers, run("ours", threads));
        }
        return series;
    }

    private Cost run(String method, int threads) throws RunnerException {
        TimeValue iteration = TimeValue.milliseconds(plan.iteration().toMillis());
        RunResult result = new Runner(new OptionsBuilder()
                        .include("\\." + BreakerCall.class.getSimpleName() + "\\." + method + "$")
                        .threads(threads)
                        .forks(1)
                        .warmupIterations(plan.iterations())
                        .warmupTime(iteration)
                        .measurementIterations(plan.iterations())
                        .measurementTime(iteration)
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .runSingle();
        // Of the iterations the middle one: what JMH itself allocates now and then is no part of a call.
        double allocatedBytes = Objects.requireNonNull(
                        result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getStatistics()
                .getPercentile(50);
        return new Cost(result.getPrimaryResult().getScore(), allocatedBytes);
    }

    private interface Median {
        double of(ToDoubleFunction<Cost> figure);
    }

    private static void printRows(int threads, Series<Cost> series) {
        row(threads, "resilience4j", series::peerMedian);
        row(threads, "edge-download", series::ownMedian);
        System.out.printf(Locale.ROOT, "%-8d %-14s %9.2f%n", threads, "ratio", series.ratio(Cost::nanos));
    }

    private static void row(int threads, String breaker, Median median) {
        System.out.printf(
                Locale.ROOT,
                "%-8d %-14s %9.1f %9.4f%n",
                threads,
                breaker,
                median.of(Cost::nanos),
                median.of(Cost::allocatedBytes));
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Result result) {
        return Figure.verdict(List.of(
                Figure.atMost(1.0, "B7", "cost-ratio-1-thread", result.one().ratio(Cost::nanos)),
                Figure.atMost(1.0, "B7", "cost-ratio-2-threads", result.two().ratio(Cost::nanos)),
                Figure.atMost(
                        NO_ALLOCATION_BYTES,
                        "B7",
                        "allocated-bytes-1-thread",
                        result.one().ownMedian(Cost::allocatedBytes)),
                Figure.atMost(
                        NO_ALLOCATION_BYTES,
                        "B7",
                        "allocated-bytes-2-threads",
                        result.two().ownMedian(Cost::allocatedBytes))));
    }

    private static JsonObject json(Result result, Plan plan) {
        return new JsonObject()
                .put("benchmark", "breaker")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("roundMillis", plan.iterations() * plan.iteration().toMillis())
                .put("1 thread", json(result.one()))
                .put("2 threads", json(result.two()));
    }

    private static JsonObject json(Series<Cost> series) {
        return new JsonObject()
                .put("resilience4j", figures(series::peerMedian))
                .put("edge-download", figures(series::ownMedian))
                .put("nanosRatio", series.ratio(Cost::nanos));
    }

    private static JsonObject figures(Median median) {
        return new JsonObject()
                .put("nanos", median.of(Cost::nanos))
                .put("allocatedBytes", median.of(Cost::allocatedBytes));
    }
}
