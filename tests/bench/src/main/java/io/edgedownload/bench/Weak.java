package io.edgedownload.bench;

import io.edgedownload.local.LocalStack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;
import java.util.zip.CRC32C;

/** {@code ./bench weak}: what comes through a link that is slow, loses packets and drops, and what does that cost? */
final class Weak {
    private static final RadioLink.Air AIR =
            new RadioLink.Air(8_000_000, 0.03, Duration.ofMillis(75), Duration.ofSeconds(30), Duration.ofSeconds(5));
    private static final String ID = "weak";

    /** What Linux has unless told otherwise; it takes each lost packet for a sign of congestion. */
    private static final String CONGESTION_CONTROL = "cubic";

    /** Stalled for as long as the client by chunks has it. */
    private static final String CURL =
            "until curl -sS -f -m 120 --speed-limit 512 --speed-time 20 %s-o \"$2\" \"$1\"; do sleep 1; done";

    /** What {@code resolve} advises for the half Mbit/s that comes through such a link. */
    private static final int CHUNK_BYTES = 128 << 10;

    private static final List<Client> CLIENTS = List.of(
            new Client("curl, whole", List.of("sh", "-c", CURL.formatted(""), "sh"), List.of()),
            new Client("curl -C -", List.of("sh", "-c", CURL.formatted("-C - "), "sh"), List.of()),
            new Client("download.sh", List.of("sh", client("download.sh")), List.of(Integer.toString(CHUNK_BYTES))));

    private final Plan plan;
    private final RadioLink link;
    private final URI url;
    private final long checksum;

    private record Plan(int rounds, int objectBytes, Duration patience) {
        static final Plan FULL = new Plan(5, 2 << 20, Duration.ofSeconds(90));
        static final Plan QUICK = new Plan(1, 256 << 10, Duration.ofSeconds(13));

        /** Each round meets the drops at another moment, and all clients of a round at the same; the first after 4 s. */
        Duration firstDrop(int round) {
            return Duration.ofSeconds(4)
                    .plus(AIR.dropsEvery().multipliedBy(round).dividedBy(rounds));
        }
    }

    /** @param command that goes on until it has the object; address and file stand between it and the last arguments */
    private record Client(String name, List<String> command, List<String> last) {}

    /**
     * One download.
     *
     * @param moved bytes over the link for each of the object
     * @param received bytes that the programs read for each of the object
     */
    private record Run(boolean finished, double seconds, double moved, double received) {}

    private Weak(Plan plan, RadioLink link, URI url, long checksum) {
        this.plan = plan;
        this.link = link;
        this.url = url;
        this.checksum = checksum;
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for a smaller object. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(Locale.ROOT, "Measuring %d rounds of %d KiB each%n", plan.rounds(), plan.objectBytes() >> 10);
        Path folder = Path.of(arguments[0]);
        List<List<Run>> runs;
        try (RadioLink link = RadioLink.start(AIR, CONGESTION_CONTROL);
                DistantOrigin origin =
                        DistantOrigin.start(new DistantOrigin.Far(plan.objectBytes(), Duration.ZERO, 1 << 30));
                // On all addresses of a network namespace that has this link alone.
                LocalStack stack = LocalStack.start(
                        LocalStack.Options.in(folder.resolve("stack")).with("quarkus.http.host", "0.0.0.0"))) {
            Publications.publish(stack, origin, ID);
            URI local = stack.edge().uri().resolve("/download/" + ID);
            Crowd.ask(local, 1, origin.checksum());
            URI url = URI.create("http://" + RadioLink.HOST + ":" + local.getPort() + local.getPath());
            runs = new Weak(plan, link, url, origin.checksum()).measure(folder);
        }
        print(runs);
        Files.writeString(Path.of(arguments[1]), json(runs, plan).encodePrettily() + "\n");
        System.exit(verdict(runs) ? 0 : 1);
    }

    /** A list for each of the clients. */
    private List<List<Run>> measure(Path folder) throws IOException, InterruptedException {
        List<List<Run>> runs = new ArrayList<>();
        CLIENTS.forEach(_ -> runs.add(new ArrayList<>()));
        for (int round = 0; round < plan.rounds(); round++) {
            for (int client = 0; client < CLIENTS.size(); client++) {
                Path own = Files.createDirectory(folder.resolve("client-" + client + "-" + round));
                runs.get(client).add(run(CLIENTS.get(client), own, round));
            }
        }
        return runs;
    }

    private Run run(Client client, Path folder, int round) throws IOException, InterruptedException {
        Path file = folder.resolve("object");
        List<String> command = new ArrayList<>(client.command());
        command.addAll(List.of(url.toString(), file.toString()));
        command.addAll(client.last());
        long startNanos = System.nanoTime();
        try (Traffic traffic = link.begin(round, plan.firstDrop(round))) {
            Process process = new ProcessBuilder(link.far(command))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            boolean ended = process.waitFor(plan.patience().toMillis(), TimeUnit.MILLISECONDS);
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            return new Run(
                    ended && process.exitValue() == 0 && isRight(file),
                    seconds,
                    (double) traffic.movedBytes() / plan.objectBytes(),
                    (double) traffic.receivedBytes() / plan.objectBytes());
        }
    }

    private boolean isRight(Path file) throws IOException {
        var crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        return crc.getValue() == checksum;
    }

    private static String client(String name) {
        return Path.of(System.getProperty("edge.project", ""), "docs", "clients", name)
                .toString();
    }

    private static void print(List<List<Run>> runs) {
        System.out.printf(
                Locale.ROOT,
                "%-22s %10s %8s %12s %12s%n",
                "client",
                "finished %",
                "seconds",
                "moved/byte",
                "read/byte");
        each(
                runs,
                (client, own) -> System.out.printf(
                        Locale.ROOT,
                        "%-22s %10.1f %8.1f %12.3f %12.3f%n",
                        client,
                        finishedPercent(own),
                        median(own, Run::seconds),
                        median(own, Run::moved),
                        median(own, Run::received)));
        List<Run> ours = runs.getLast();
        each(
                runs.subList(0, runs.size() - 1),
                (client, peer) -> System.out.printf(
                        Locale.ROOT,
                        "%-22s %10s %8.2f %12.3f %12.3f%n",
                        "ratio to " + client,
                        "",
                        ratio(peer, ours, Run::seconds),
                        ratio(peer, ours, Run::moved),
                        ratio(peer, ours, Run::received)));
    }

    private interface Row {
        void take(String client, List<Run> runs);
    }

    private static void each(List<List<Run>> runs, Row row) {
        for (int client = 0; client < runs.size(); client++) {
            row.take(CLIENTS.get(client).name(), runs.get(client));
        }
    }

    private static double finishedPercent(List<Run> runs) {
        return 100.0 * runs.stream().filter(Run::finished).count() / runs.size();
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        return series(runs, runs).ownMedian(figure);
    }

    private static double ratio(List<Run> peer, List<Run> ours, ToDoubleFunction<Run> figure) {
        return series(peer, ours).ratio(figure);
    }

    private static Series<Run> series(List<Run> peer, List<Run> ours) {
        Series<Run> series = new Series<>();
        for (int round = 0; round < ours.size(); round++) {
            series.add(peer.get(round), ours.get(round));
        }
        return series;
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(List<List<Run>> runs) {
        List<Run> ours = runs.getLast();
        return Figure.verdict(List.of(
                Figure.atLeast(99.9, "B8", "finished-percent", finishedPercent(ours)),
                Figure.atMost(2.0, "B8", "read-twice-percent", 100 * (median(ours, Run::received) - 1))));
    }

    private static JsonObject json(List<List<Run>> runs, Plan plan) {
        JsonObject json = new JsonObject()
                .put("benchmark", "weak")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("rounds", plan.rounds())
                .put("objectBytes", plan.objectBytes())
                .put("chunkBytes", CHUNK_BYTES)
                .put("congestionControl", CONGESTION_CONTROL);
        Function<List<Run>, JsonObject> figures = own -> new JsonObject()
                .put("finishedPercent", finishedPercent(own))
                .put("seconds", median(own, Run::seconds))
                .put("movedPerByte", median(own, Run::moved))
                .put("receivedPerByte", median(own, Run::received));
        each(runs, (client, own) -> json.put(client, figures.apply(own)));
        return json;
    }
}
