package io.edgedownload.faults;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OtlpReceiver;
import io.edgedownload.fixtures.ReceivedSpan;
import io.edgedownload.fixtures.TlsFront;
import io.edgedownload.local.LocalS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/telemetry.md promises is what comes, and nothing comes that it does not name. */
class TelemetryDocumentTest {

    private static final HostedObject OBJECT = HostedObject.random(93, 150_000);
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum|max)$");

    private static OtlpReceiver collector;
    private static FaultOrigin origin;
    private static TlsFront front;
    private static Edge edge;

    /** Downloads that go well, that are redirected, that fail and are saved by S3: between them they leave out nothing. */
    @BeforeAll
    static void downloadInEveryWay(@TempDir Path directory) throws Exception {
        collector = OtlpReceiver.start();
        origin = FaultOrigin.start()
                .serve("/well", OBJECT)
                .serve("/moved", OBJECT)
                .serve("/sick", OBJECT);
        front = TlsFront.start(origin.port(), directory);
        edge = Edge.start(
                "told",
                Map.of(
                        "quarkus.otel.bsp.schedule.delay", "50ms",
                        "edge.connect.timeout", "5s",
                        "edge.fetch.attempt-timeout", "9s",
                        "edge.deadline.total", "30s",
                        "edge.cache.ssd.directory", directory.resolve("chunks").toString(),
                        "edge.s3.fill", "true",
                        "edge.s3.fill-bucket", LocalS3.BUCKET),
                Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        collector.endpoint().toString(),
                        "JAVA_TOOL_OPTIONS",
                        front.trustOptions()));
        var well = edge.publish(Publication.of(front.uri("/well")));
        var moved = edge.publish(Publication.of(origin.uri("/moved")));
        var sick = edge.publish(Publication.of(origin.uri("/sick")).withS3(edge.store(OBJECT)));
        // Its connection is new then, with a handshake.
        origin.onRanged("/well").next(new Fault.RstOnReusedConnection());
        origin.on("/moved").always(new Fault.RedirectTo("/well"));
        origin.on("/sick").always(new Fault.Status(500));
        for (String id : List.of(well, moved, sick)) {
            assertEquals(206, edge.part(id, 0, 0).status());
        }
        // The sick source is tried twice before S3, and each chunk looked for among those that instances share.
        collector.await("chunks", 8, span -> span.attribute("edge.chunk.number").isPresent());
    }

    @AfterAll
    static void stop() throws IOException {
        edge.close();
        front.close();
        origin.close();
        collector.close();
    }

    @Test
    void everyAttributeOfAnAttemptIsDocumentedAndThere() throws IOException {
        assertEquals(rows("Of attempts:"), attributes(span -> span.kind().equals("CLIENT")));
    }

    @Test
    void everyAttributeOfOurOwnOnARequestIsDocumentedAndThere() throws IOException {
        var ours = attributes(span -> span.kind().equals("SERVER"));
        ours.removeIf(name -> !name.startsWith("edge."));
        assertEquals(rows("Of requests,"), ours);
    }

    @Test
    void everyAttributeOfAStepIsDocumentedAndThere() throws Exception {
        collector.await("writes", 1, span -> span.name().equals("disk-write"));
        assertEquals(rows("Of steps:"), attributes(span -> span.kind().equals("INTERNAL")));
    }

    @Test
    void everyStepIsDocumentedAndThere() throws Exception {
        collector.await("writes", 1, span -> span.name().equals("disk-write"));
        var steps = document("telemetry.md")
                .lines()
                .dropWhile(line -> !line.startsWith("| step "))
                .skip(2)
                .takeWhile(line -> line.startsWith("| `"))
                .flatMap(row -> found("(?<=`)[a-z-]+(?=`)", row.split("\\|", 3)[1]))
                .collect(toCollection(TreeSet::new));
        // Memory and open files spare it here; it is seen in FullTraceTest.
        assertTrue(steps.remove("disk-read"));
        assertEquals(
                steps,
                collector.spans().stream()
                        .filter(span -> span.kind().equals("INTERNAL"))
                        .map(ReceivedSpan::name)
                        .collect(toCollection(TreeSet::new)));
    }

    @Test
    void everyMetricIsDocumented() throws IOException {
        var undocumented = metrics();
        undocumented.removeAll(rows("## Metrics"));
        assertEquals(Set.of(), undocumented);
    }

    @Test
    void everyDocumentedMetricIsThere() throws IOException {
        var missing = rows("## Metrics");
        missing.removeAll(metrics());
        // They appear with the first of what they count.
        missing.removeAll(Set.of("edge_dns_addresses_changed_total", "edge_dns_server_failures_total"));
        // They need an etcd, and are seen in HotSetTest.
        missing.removeAll(Set.of("edge_hot_chunks", "edge_hot_reached", "edge_hot_fetched_total"));
        // They need a coordinator, and are seen in FleetTest.
        missing.removeIf(name -> name.startsWith("edge_coordinator_"));
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyMetricInTheCodeIsDocumentedAndTheReverse() throws IOException {
        var documented =
                rows("## Metrics").stream().map(TelemetryDocumentTest::plain).collect(toCollection(TreeSet::new));
        var coded = literals("io.micrometer", "\"(edge\\.[a-z0-9.]+)\"")
                .map(name -> plain(name.replace('.', '_')))
                .collect(toCollection(TreeSet::new));
        // Settings that messages name, and attributes of spans.
        coded.removeAll(Set.of("edge_sources_allow", "edge_hot_etcd", "edge_chunk_number", "edge_disk_good"));
        assertEquals(documented, coded);
    }

    @Test
    void everyAttributeOfOurOwnInTheCodeIsDocumentedAndTheReverse() throws IOException {
        var documented = rows("Of attempts:");
        documented.addAll(rows("Of requests,"));
        documented.addAll(rows("Of steps:"));
        documented.removeIf(name -> !name.startsWith("edge.") && !name.endsWith(".duration_ms"));
        var coded = literals(
                        "io.opentelemetry",
                        "(?:setAttribute|stringKey|longKey|doubleKey|booleanKey)\\(\\s*\"([^\"]+)\"")
                .collect(toCollection(TreeSet::new));
        assertEquals(documented, coded);
    }

    @Test
    void theRunbookAsksForNothingElse() throws IOException {
        var runbook = document("runbook.md");
        var metrics = found("edge_[a-z0-9_]+", runbook).map(TelemetryDocumentTest::family);
        assertEquals(Set.of(), without(rows("## Metrics"), metrics));
        var known = rows("Of attempts:");
        known.addAll(rows("Of requests,"));
        known.addAll(rows("Of steps:"));
        var attributes = found("span\\.[a-z_.]+", runbook).map(name -> name.substring("span.".length()));
        assertEquals(Set.of(), without(known, attributes));
    }

    private static Set<String> without(Set<String> known, Stream<String> asked) {
        var names = asked.collect(toCollection(TreeSet::new));
        assertFalse(names.isEmpty());
        names.removeAll(known);
        return names;
    }

    private static Set<String> attributes(Predicate<ReceivedSpan> of) {
        return collector.spans().stream()
                .filter(of)
                .flatMap(span -> span.attributes().keySet().stream())
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> metrics() throws IOException {
        return edge.metrics()
                .lines()
                .filter(line -> line.startsWith("edge_"))
                .map(line -> family(line.split("[{ ]", 2)[0]))
                .collect(toCollection(TreeSet::new));
    }

    /** The name of a metric without what its type adds. */
    private static String family(String series) {
        return SUFFIX.matcher(series).replaceFirst("");
    }

    /** The name of a metric without what Prometheus adds for its type and unit. */
    private static String plain(String name) {
        return name.replaceFirst("(_bytes|_seconds|_total)+$", "");
    }

    /** What the pattern finds in those sources of the functions that use the library. */
    private static Stream<String> literals(String library, String pattern) throws IOException {
        try (var files = Files.walk(project("functions/edge/src/main/java"))) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(TelemetryDocumentTest::read)
                    .filter(source -> source.contains("import " + library))
                    .flatMap(source -> Pattern.compile(pattern).matcher(source).results())
                    .map(found -> found.group(1))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names in the first column of the table that follows this text. */
    static Set<String> rows(String text) throws IOException {
        return document("telemetry.md")
                .lines()
                .dropWhile(line -> !line.startsWith(text))
                .dropWhile(line -> !line.startsWith("| `"))
                .takeWhile(line -> line.startsWith("| `"))
                .flatMap(row -> found("(?<=`)[a-z][a-z0-9_.]+(?=`)", row.split("\\|", 3)[1]))
                .collect(toCollection(TreeSet::new));
    }

    private static Stream<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group);
    }

    private static String document(String name) throws IOException {
        return Files.readString(project("docs/" + name));
    }

    private static Path project(String path) {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            var file = folder.resolve(path);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new AssertionError("no " + path + " above the working directory");
    }
}
