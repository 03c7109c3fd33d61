package io.edgedownload.bench;

import io.edgedownload.local.LocalStack;
import io.edgedownload.local.Sample;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;
import java.util.stream.IntStream;

/** {@code ./bench growth}: what do more connections, and more chunks on disk, cost? */
final class Growth {
    private static final Sample SAMPLE = Sample.SIXTY_FOUR_MIB;
    private static final List<Load> LOADS = List.of(load(100), load(1_000), load(10_000));

    /** Of a process beside one for each connection. */
    private static final int OTHER_FILES = 500;

    private static final int CHUNKS = 100_000;

    /** Between a load and the next. */
    private static final double MORE = 10;

    private final Path folder;
    private final Plan plan;
    private final List<Load> loads;

    private record Plan(int rounds, Duration round, Duration warmUp, int starts) {
        static final Plan FULL = new Plan(5, Duration.ofSeconds(8), Duration.ofSeconds(10), 5);
        static final Plan QUICK = new Plan(1, Duration.ofSeconds(3), Duration.ofSeconds(4), 1);
    }

    /**
     * @param steps each load with the next one, the larger one as ours
     * @param residentMib the most that the process had in memory after the first round of each load, the smallest first
     * @param starts with an empty folder beside one with chunks
     */
    private record Result(
            List<Load> loads,
            List<Series<Measured>> steps,
            List<Long> residentMib,
            double indexBytes,
            Series<Startup> starts) {}

    private Growth(Path folder, Plan plan) throws IOException {
        this.folder = folder;
        this.plan = plan;
        this.loads = loads();
    }

    private static Load load(int connections) {
        return new Load(connections + " connections", SAMPLE.lengthBytes(), 64 << 10, connections);
    }

    /** Those that a process may have enough files open for. */
    private static List<Load> loads() throws IOException {
        String prefix = "Max open files";
        String limits = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .orElseThrow();
        // The hard limit: Java raises the other one to it, for the processes that it starts too.
        String hard = limits.substring(prefix.length()).strip().split(" +", -1)[1];
        long most = hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
        return LOADS.stream()
                .filter(load -> load.connections() + OTHER_FILES <= most)
                .toList();
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of %d s each, and %d starts%n",
                plan.rounds(),
                plan.round().toSeconds(),
                plan.starts());
        Result result = new Growth(Path.of(arguments[0]), plan).measure();
        printLoads(result);
        printStarts(result);
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(verdict(result) ? 0 : 1);
    }

    private Result measure() throws IOException, InterruptedException {
        Path many = ChunkFiles.in(folder.resolve("many"), CHUNKS);
        double indexBytes = IndexSize.measure(many, CHUNKS);
        Series<Startup> starts = new Series<>();
        for (int start = 0; start < plan.starts(); start++) {
            Startup without = Startup.measure(folder, folder.resolve("none"), 0);
            starts.add(without, Startup.measure(folder, many, CHUNKS));
        }
        List<Series<Measured>> steps = new ArrayList<>();
        loads.stream().skip(1).forEach(_ -> steps.add(new Series<>()));
        List<Long> residentMib = new ArrayList<>();
        try (LocalStack stack = LocalStack.start(LocalStack.Options.in(folder.resolve("stack")))) {
            stack.publishSamples();
            Server edge = new Server(
                    "edge-download",
                    stack.edge().uri().resolve("/download/" + SAMPLE.id()),
                    stack.edge().handle());
            loads.getFirst().run(edge, folder, plan.warmUp());
            for (int round = 0; round < plan.rounds(); round++) {
                List<Measured> measured = new ArrayList<>();
                for (Load load : loads) {
                    measured.add(load.run(edge, folder, plan.round()));
                    if (round == 0) {
                        residentMib.add(edge.mostResidentBytes() >> 20);
                    }
                }
                for (int step = 0; step < steps.size(); step++) {
                    steps.get(step).add(measured.get(step), measured.get(step + 1));
                }
            }
        }
        return new Result(loads, steps, residentMib, indexBytes, starts);
    }

    private static void printLoads(Result result) {
        System.out.printf(
                Locale.ROOT, "%-18s %10s %9s %9s %14s%n", "load", "requests/s", "P50 ms", "P99 ms", "resident MiB");
        for (int load = 0; load < result.loads().size(); load++) {
            row(result, load);
        }
    }

    private interface Median {
        double of(ToDoubleFunction<Measured> figure);
    }

    private static Median median(Result result, int load) {
        return load == 0
                ? result.steps().getFirst()::peerMedian
                : result.steps().get(load - 1)::ownMedian;
    }

    private static void row(Result result, int load) {
        Median median = median(result, load);
        System.out.printf(
                Locale.ROOT,
                "%-18s %10.0f %9.1f %9.1f %14d%n",
                result.loads().get(load).name(),
                median.of(Measured::requestsPerSecond),
                median.of(Measured::p50Millis),
                median.of(Measured::p99Millis),
                result.residentMib().get(load));
    }

    private static void printStarts(Result result) {
        Series<Startup> starts = result.starts();
        System.out.printf(
                Locale.ROOT,
                "start without chunks: ready after %.2f s; with %d: after %.2f s, all known after %.2f s, %.0f answers between%n",
                starts.peerMedian(Startup::ready),
                CHUNKS,
                starts.ownMedian(Startup::ready),
                starts.ownMedian(Startup::indexed),
                starts.ownMedian(Startup::answersBetween));
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Result result) {
        List<Figure> figures = new ArrayList<>();
        for (int load = 1; load < LOADS.size(); load++) {
            String name = "p99-growth-to-" + LOADS.get(load).connections();
            if (load < result.loads().size()) {
                figures.add(Figure.atMost(1.0, "B10", name, p99Growth(result, load)));
            } else {
                Figure.skipped("B10", name, "a process may not have so many files open: ulimit -Hn");
            }
        }
        figures.add(Figure.atMost(200, "B10", "index-bytes-per-chunk", result.indexBytes()));
        figures.add(Figure.atMost(
                1.0, "B10", "start-seconds-for-chunks", result.starts().difference(Startup::indexed)));
        return Figure.verdict(figures);
    }

    /** How much more the P99 grew than the number of connections: 1 is as much. */
    private static double p99Growth(Result result, int load) {
        return result.steps().get(load - 1).ratio(Measured::p99Micros) / MORE;
    }

    private static JsonObject json(Result result, Plan plan) {
        Series<Startup> starts = result.starts();
        return new JsonObject()
                .put("benchmark", "growth")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("roundSeconds", plan.round().toSeconds())
                .put(
                        "loads",
                        new JsonArray(IntStream.range(0, result.loads().size())
                                .mapToObj(load -> json(result, load))
                                .toList()))
                .put("indexBytesPerChunk", result.indexBytes())
                .put("readySeconds", starts.peerMedian(Startup::ready))
                .put("readySecondsWithChunks", starts.ownMedian(Startup::ready))
                .put("indexedSeconds", starts.ownMedian(Startup::indexed));
    }

    private static JsonObject json(Result result, int load) {
        Median median = median(result, load);
        return new JsonObject()
                .put("connections", result.loads().get(load).connections())
                .put("requestsPerSecond", median.of(Measured::requestsPerSecond))
                .put("p50Millis", median.of(Measured::p50Millis))
                .put("p99Millis", median.of(Measured::p99Millis))
                .put("residentMib", result.residentMib().get(load));
    }
}
