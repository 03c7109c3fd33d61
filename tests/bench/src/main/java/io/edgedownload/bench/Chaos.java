package io.edgedownload.bench;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.dns.FaultDns;
import io.edgedownload.local.LocalS3;
import io.edgedownload.local.LocalStack;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.LogManager;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** {@code ./bench chaos}: does a wrong byte ever reach a client, or an end that is none, whatever origins and name servers do? */
final class Chaos {
    private static final int CLIENTS = 96;
    private static final int DOWNLOADS = 32;

    /** One of so many downloads has to be answered by an error when both of its sources fail. */
    private static final int WITHOUT_S3 = 4;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int CHUNKS = 64;
    private static final List<String> HOSTS = List.of("one.chaos.test", "two.chaos.test");
    private static final Duration TTL = Duration.ofSeconds(1);
    private static final Pattern DELIVERED = Pattern.compile("edge_fetch_delivered_total\\{tier=\"(\\w+)\",?} (\\S+)");
    private static final Pattern FAILED = Pattern.compile("edge_fetch_failed_total\\{reason=\"([a-z-]+)\",.*} (\\S+)");

    private final Plan plan;
    private final LocalStack stack;
    private final FaultDns dns;
    private final Mischief mischief;
    private final Doubter.Tally tally = new Doubter.Tally();

    /** What an object seems to have become; of the same length, for whoever looks at no more than that. */
    private static final HostedObject OTHER = HostedObject.random(-1, CHUNKS * CHUNK_BYTES);

    /** @param chunks to be compared in each round */
    private record Plan(int rounds, int chunks) {
        static final Plan FULL = new Plan(20, 50_000);
        static final Plan QUICK = new Plan(2, 5_000);
    }

    private Chaos(Plan plan, LocalStack stack, FaultDns dns, Mischief mischief) {
        this.plan = plan;
        this.stack = stack;
        this.dns = dns;
        this.mischief = mischief;
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for fewer chunks. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        long seed = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "%d clients compare %d chunks in %d rounds, seed %d%n",
                CLIENTS,
                plan.rounds() * plan.chunks(),
                plan.rounds(),
                seed);
        boolean good;
        try (FaultDns dns = FaultDns.start();
                LocalStack stack = LocalStack.start(options(Path.of(arguments[0]), dns))) {
            Chaos chaos = new Chaos(plan, stack, dns, new Mischief(seed, CHUNK_BYTES, OTHER));
            chaos.run(Path.of(arguments[0]));
            JsonObject result = chaos.json(chaos.metrics());
            System.out.println(result.encodePrettily());
            Files.writeString(Path.of(arguments[1]), result.encodePrettily() + "\n");
            good = chaos.verdict();
        }
        System.exit(good ? 0 : 1);
    }

    /** Nearly nothing is kept, so that nearly all is fetched; and nobody is left alone for what he did. */
    private static LocalStack.Options options(Path folder, FaultDns dns) {
        return LocalStack.Options.in(folder.resolve("stack"))
                .with("edge.dns.servers", "127.0.0.1:" + dns.address().getPort())
                .with("edge.cache.memory.max-size", "8M")
                .with("edge.cache.ssd.max-size", "16M")
                .with("edge.connect.timeout", "2s")
                .with("edge.fetch.attempt-timeout", "1s")
                .with("edge.fetch.progress-window", "1s")
                .with("edge.deadline.total", "20s")
                .with("edge.fallback.mode", "proxy")
                .with("edge.sources.quarantine", "0s")
                .with("edge.retry.least", "1000000")
                .with("edge.breaker.min-success-percent", "0")
                .with("edge.breaker.max-p95", "9s")
                .with("io.edgedownload.edge.ChunkTiers/load/CircuitBreaker/enabled", "false");
    }

    private void run(Path folder) throws IOException, InterruptedException {
        HOSTS.forEach(host -> dns.host(host, TTL, "127.0.0.1"));
        for (int round = 0; round < plan.rounds(); round++) {
            long startNanos = System.nanoTime();
            // New ones each time: they remember all that they were asked.
            try (FaultOrigin one = FaultOrigin.start();
                    FaultOrigin two = FaultOrigin.start()) {
                List<Doubter.Known> downloads = publish(folder, round, List.of(one, two));
                dns.onAny().drawing(mischief::loss);
                for (FaultOrigin origin : List.of(one, two)) {
                    // What revalidation asks is answered well: what an object has become is another question.
                    origin.on(request -> request.asksForPart()
                                    && request.ifNoneMatch().isEmpty())
                            .drawing(mischief::fault);
                }
                ask(downloads, round);
                dns.heal();
            }
            System.out.printf(
                    Locale.ROOT,
                    "round %d of %d: %d chunks compared, %d wrong, %.0f s%n",
                    round + 1,
                    plan.rounds(),
                    tally.compared(),
                    tally.wrong(),
                    (System.nanoTime() - startNanos) / 1e9);
        }
    }

    private List<Doubter.Known> publish(Path folder, int round, List<FaultOrigin> origins)
            throws IOException, InterruptedException {
        List<Doubter.Known> downloads = new ArrayList<>();
        for (int number = 0; number < DOWNLOADS; number++) {
            String id = "chaos-" + round + "-" + number;
            HostedObject truth = HostedObject.random((long) round * DOWNLOADS + number, CHUNKS * CHUNK_BYTES);
            JsonArray sources = new JsonArray();
            for (int each = 0; each < origins.size(); each++) {
                origins.get(each).serve("/" + id, truth);
                sources.add(
                        "http://" + HOSTS.get(each) + ":" + origins.get(each).port() + "/" + id);
            }
            JsonObject publication = new JsonObject()
                    .put("id", id)
                    .put("sources", sources)
                    .put("chunkSize", CHUNK_BYTES)
                    .put("digest", true);
            if (number % WITHOUT_S3 != 0) {
                stack.s3().ensureObject(id, Files.write(folder.resolve("object"), truth.bytes()));
                publication.put(
                        "s3", new JsonObject().put("bucket", LocalS3.BUCKET).put("key", id));
            }
            Publications.publish(stack, publication);
            downloads.add(new Doubter.Known(stack.edge().uri().resolve("/download/" + id), truth));
        }
        return downloads;
    }

    private void ask(List<Doubter.Known> downloads, int round) {
        long enough = (round + 1L) * plan.chunks();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                Doubter doubter = new Doubter(downloads, CHUNK_BYTES, tally, (long) round * CLIENTS + client);
                clients.execute(() -> doubter.askUntil(enough));
            }
        }
    }

    private String metrics() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(stack.edge().uri().resolve("/q/metrics"))
                .header("Accept", "text/plain")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static JsonObject sums(Pattern series, String metrics) {
        Map<String, Double> sums = new TreeMap<>();
        for (MatchResult each : series.matcher(metrics).results().toList()) {
            sums.merge(each.group(1), Double.parseDouble(each.group(2)), Double::sum);
        }
        JsonObject json = new JsonObject();
        sums.forEach((name, sum) -> json.put(name, sum.longValue()));
        return json;
    }

    /** Prints the figures; true when none is missed. */
    private boolean verdict() {
        return Figure.verdict(List.of(
                Figure.atMost(0, "reliability", "wrong-chunks", (double) tally.wrong()),
                Figure.atMost(0, "reliability", "answers-that-lie", (double) tally.lied()),
                Figure.atMost(0, "reliability", "requests-without-answer", (double) tally.unanswered()),
                Figure.atLeast((double) plan.rounds() * plan.chunks(), "reliability", "chunks-compared", (double)
                        tally.compared())));
    }

    private JsonObject json(String metrics) {
        JsonObject statuses = new JsonObject();
        tally.statuses().forEach((status, count) -> statuses.put(status.toString(), count));
        JsonObject drawn = new JsonObject();
        mischief.drawn().forEach(drawn::put);
        return new JsonObject()
                .put("benchmark", "chaos")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("compared", tally.compared())
                .put("wrong", tally.wrong())
                .put("lied", tally.lied())
                .put("unanswered", tally.unanswered())
                .put("answers", statuses)
                .put("cutAfterTheHead", tally.cut())
                .put("clientsThatLeft", tally.left())
                .put("fetched", sums(DELIVERED, metrics))
                .put("failedAttempts", sums(FAILED, metrics))
                .put("faults", drawn);
    }
}
