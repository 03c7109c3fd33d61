package io.edgedownload.bench;

import io.edgedownload.local.EdgeProcess;
import io.edgedownload.local.LocalStack;
import io.edgedownload.local.Sample;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.logging.LogManager;

/** {@code ./bench hit}: how fast are bytes that are here, beside servers that send the same file? */
final class Hit {
    private static final Sample SAMPLE = Sample.SIXTY_FOUR_MIB;
    private static final Load RANGES = new Load("64 KiB range", SAMPLE.lengthBytes(), 64 << 10, 64);
    private static final Load CHUNKS = new Load("4 MiB chunk", SAMPLE.lengthBytes(), 4 << 20, 32);
    private static final Contest.Plan FULL = new Contest.Plan(7, Duration.ofSeconds(4), Duration.ofSeconds(12));
    private static final Contest.Plan QUICK = new Contest.Plan(3, Duration.ofSeconds(1), Duration.ofSeconds(5));

    /** Requests for a chunk; each takes much longer than writing it. */
    private static final int MANY = 1_000;

    private final Path folder;
    private final Contest.Plan plan;

    private record Result(Contest ranges, Contest chunks) {}

    private Hit(Path folder, Contest.Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for shorter rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Contest.Plan plan = List.of(arguments).contains("--quick") ? QUICK : FULL;
        Result result = new Hit(Path.of(arguments[0]), plan).measure();
        Contest.printHead();
        result.ranges().printRows();
        result.chunks().printRows();
        Files.writeString(Path.of(arguments[1]), json(result, plan).encodePrettily() + "\n");
        System.exit(verdict(result) ? 0 : 1);
    }

    private Result measure() throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "Measuring %d rounds of %d s each%n",
                plan.rounds(),
                plan.round().toSeconds());
        return new Result(ranges(), chunks());
    }

    private LocalStack.Options stack(String name) {
        return LocalStack.Options.in(folder.resolve(name));
    }

    private Contest ranges() throws IOException, InterruptedException {
        Path files = folder.resolve("memory").resolve("origin");
        try (LocalStack stack = LocalStack.start(stack("memory"));
                Peer nginx = Nginx.ofFiles(folder, files);
                Peer varnish = Varnish.start(folder, nginx.uri());
                Peer go = GoFiles.start(folder, files)) {
            stack.publishSamples();
            return contest(RANGES, List.of(nginx, varnish, go), ours(stack));
        }
    }

    /** Without memory for chunks, so that each is sent from its file. */
    private Contest chunks() throws IOException, InterruptedException {
        Path files = folder.resolve("ssd").resolve("origin");
        try (LocalStack stack = LocalStack.start(stack("ssd").with("edge.cache.memory.max-size", "0"));
                Peer origin = Nginx.ofFiles(folder, files);
                Peer slices = Nginx.ofSlices(folder, origin.uri(), CHUNKS.rangeBytes())) {
            stack.publishSamples();
            Server ours = ours(stack);
            awaitFiles(ours);
            return contest(CHUNKS, List.of(slices), ours);
        }
    }

    private static Server ours(LocalStack stack) {
        EdgeProcess edge = stack.edge();
        return new Server("edge-download", edge.uri().resolve("/download/" + SAMPLE.id()), edge.handle());
    }

    /** Asks for each chunk until it comes from a file. */
    private static void awaitFiles(Server ours) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (long first = 0; first < SAMPLE.lengthBytes(); first += CHUNKS.rangeBytes()) {
                HttpRequest request = HttpRequest.newBuilder(ours.url())
                        .header("Range", "bytes=" + first + "-" + first)
                        .build();
                String status = "";
                for (int tries = 0; !status.endsWith("detail=ssd"); tries++) {
                    if (tries == MANY) {
                        throw new IOException("a chunk is never in a file: " + status);
                    }
                    status = client.send(request, HttpResponse.BodyHandlers.discarding())
                            .headers()
                            .firstValue("Cache-Status")
                            .orElse("");
                }
            }
        }
    }

    private Contest contest(Load load, List<Peer> peers, Server ours) throws IOException, InterruptedException {
        List<Server> servers =
                peers.stream().map(peer -> peer.server(SAMPLE.id())).toList();
        return Contest.run(load, servers, ours, folder, plan);
    }

    /** Prints the figures that have a target; true when none is missed. */
    private static boolean verdict(Result result) {
        Contest ranges = result.ranges();
        Contest chunks = result.chunks();
        return Figure.verdict(List.of(
                Figure.atLeast(1.2, "B2", "throughput-ratio", ranges.ratio("nginx", Measured::requestsPerSecond)),
                Figure.atLeast(1.6, "B2", "throughput-ratio-to-go", ranges.ratio("Go", Measured::requestsPerSecond)),
                Figure.atMost(1.0, "B2", "p99-ratio", ranges.ratio("nginx", Measured::p99Micros)),
                Figure.atLeast(
                        1.0, "B1", "throughput-ratio", chunks.ratio("nginx slices", Measured::megabytesPerSecond)),
                Figure.atMost(1.0, "B1", "p99-ratio", chunks.ratio("nginx slices", Measured::p99Micros))));
    }

    private static JsonObject json(Result result, Contest.Plan plan) {
        return new JsonObject()
                .put("benchmark", "hit")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", plan.rounds())
                .put("roundSeconds", plan.round().toSeconds())
                .put(RANGES.name(), result.ranges().json())
                .put(CHUNKS.name(), result.chunks().json());
    }
}
