package io.edgedownload.bench;

import io.edgedownload.local.LocalS3;
import io.edgedownload.local.LocalStack;
import io.edgedownload.local.Sample;
import io.edgedownload.local.origin.OriginMode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/** {@code ./bench degraded}: do those who ask for what is here notice that S3 and the origin are gone? */
final class Degraded {
    private static final Sample SAMPLE = Sample.SIXTY_FOUR_MIB;
    private static final Load LOAD = new Load("64 KiB range", SAMPLE.lengthBytes(), 64 << 10, 64);

    /** So that the origin has to be asked again all the time, and cannot be. */
    private static final String FRESH = "1s";

    private final Path folder;
    private final Plan plan;

    private record Plan(int rounds, Duration phase, Duration warmUp) {
        static final Plan FULL = new Plan(7, Duration.ofSeconds(5), Duration.ofSeconds(12));
        static final Plan QUICK = new Plan(3, Duration.ofSeconds(2), Duration.ofSeconds(8));
    }

    /** In the middle of one round both go; for all of the other one they are gone. */
    private record Cut(Measured during, Measured after) {}

    private record Result(Series<Measured> after, long requests, long failed) {}

    private Degraded(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of three times %d s each%n",
                plan.rounds(),
                plan.phase().toSeconds());
        Result result = new Degraded(Path.of(arguments[0]), plan).measure();
        Series<Measured> after = result.after();
        System.out.printf(Locale.ROOT, "%-22s %10s %9s %9s%n", "origin and S3", "requests/s", "P50 ms", "P99 ms");
        System.out.printf(
                Locale.ROOT,
                "%-22s %10.0f %9.2f %9.2f%n",
                "there",
                after.peerMedian(Measured::requestsPerSecond),
                after.peerMedian(Measured::p50Millis),
                after.peerMedian(Measured::p99Millis));
        System.out.printf(
                Locale.ROOT,
                "%-22s %10.0f %9.2f %9.2f%n",
                "gone",
                after.ownMedian(Measured::requestsPerSecond),
                after.ownMedian(Measured::p50Millis),
                after.ownMedian(Measured::p99Millis));
        System.out.printf(
                Locale.ROOT,
                "%d requests while both went and were gone, %d failed%n",
                result.requests(),
                result.failed());
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(verdict(result) ? 0 : 1);
    }

    private Result measure() throws IOException, InterruptedException {
        Path data = folder.resolve("stack");
        try (LocalStack stack = LocalStack.start(LocalStack.Options.in(data).with("edge.revalidation.fresh", FRESH))) {
            stack.publishSamples();
            Server edge = new Server(
                    "edge-download",
                    stack.edge().uri().resolve("/download/" + SAMPLE.id()),
                    stack.edge().handle());
            LOAD.run(edge, folder, plan.warmUp());
            Series<Measured> series = new Series<>();
            long requests = 0;
            long failed = 0;
            LocalS3 s3 = stack.s3();
            for (int round = 0; round < plan.rounds(); round++) {
                Measured before = LOAD.run(edge, folder, plan.phase());
                Cut cut = cut(stack, s3, edge);
                series.add(before, cut.after());
                requests += cut.during().requests() + cut.after().requests();
                failed += cut.during().failed() + cut.after().failed();
                stack.origin().switchTo(OriginMode.ON);
                s3 = LocalS3.start(data.resolve("s3"), s3.endpoint().getPort(), s3.secretAccessKey());
            }
            s3.close();
            return new Result(series, requests, failed);
        }
    }

    private Cut cut(LocalStack stack, LocalS3 s3, Server edge) throws IOException, InterruptedException {
        CompletableFuture<Void> gone = CompletableFuture.runAsync(
                () -> {
                    stack.origin().switchTo(OriginMode.OFF);
                    s3.close();
                },
                CompletableFuture.delayedExecutor(plan.phase().toMillis() / 2, TimeUnit.MILLISECONDS));
        Measured during = LOAD.runThroughFailures(edge, folder, plan.phase());
        gone.join();
        return new Cut(during, LOAD.runThroughFailures(edge, folder, plan.phase()));
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Result result) {
        return Figure.verdict(List.of(
                Figure.atMost(0, "B9", "failed-requests", (double) result.failed()),
                Figure.atMost(1.0, "B9", "p50-shift-millis", result.after().difference(Measured::p50Millis))));
    }

    private static JsonObject json(Result result, Plan plan) {
        Series<Measured> after = result.after();
        return new JsonObject()
                .put("benchmark", "degraded")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("phaseSeconds", plan.phase().toSeconds())
                .put("requests", result.requests())
                .put("failed", result.failed())
                .put("p50MillisBefore", after.peerMedian(Measured::p50Millis))
                .put("p50MillisAfter", after.ownMedian(Measured::p50Millis))
                .put("p99MillisBefore", after.peerMedian(Measured::p99Millis))
                .put("p99MillisAfter", after.ownMedian(Measured::p99Millis));
    }
}
