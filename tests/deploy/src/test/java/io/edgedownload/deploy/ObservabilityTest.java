package io.edgedownload.deploy;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What infra/observability asks for is there, and its collector is made of parts that there are, joined as they may be. */
final class ObservabilityTest {
    private static final String FOLDER = "infra/observability/";

    /** The keys of each component in use: from the collector's manual, 0.130. */
    private static final Map<String, Set<String>> GRAMMAR = Map.of(
            "receivers/otlp", Set.of("protocols"),
            "processors/memory_limiter",
                    Set.of(
                            "check_interval",
                            "limit_mib",
                            "limit_percentage",
                            "spike_limit_mib",
                            "spike_limit_percentage"),
            "processors/batch", Set.of("send_batch_size", "send_batch_max_size", "timeout"),
            "exporters/otlp",
                    Set.of("endpoint", "tls", "headers", "compression", "timeout", "sending_queue", "retry_on_failure"),
            "extensions/health_check", Set.of("endpoint", "path"));

    private static final Set<String> TOP =
            Set.of("receivers", "processors", "exporters", "connectors", "extensions", "service");

    private static final Set<String> SIGNALS = Set.of("traces", "metrics", "logs");

    private static final ObjectMapper YAML = YAMLMapper.builder(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Test
    void theCollectorHasNoKeysThatItDoesNotKnow() throws IOException {
        JsonNode collector = YAML.readTree(Project.text(FOLDER + "collector.yaml"));
        assertEquals(Set.of(), without(TOP, names(collector)));
        for (String section : List.of("receivers", "processors", "exporters", "extensions")) {
            for (String component : names(collector.path(section))) {
                String type = section + "/" + component.split("/", 2)[0];
                assertTrue(GRAMMAR.containsKey(type), () -> "there is no " + type);
                assertEquals(
                        Set.of(),
                        without(GRAMMAR.get(type), names(collector.path(section).path(component))),
                        type);
            }
        }
        assertEquals(
                Set.of(), without(Set.of("extensions", "pipelines", "telemetry"), names(collector.path("service"))));
    }

    @Test
    void thePipelinesAreMadeOfWhatIsDefinedAndNothingIsLeftOver() throws IOException {
        JsonNode collector = YAML.readTree(Project.text(FOLDER + "collector.yaml"));
        JsonNode service = collector.path("service");
        assertEquals(names(collector.path("extensions")), texts(service.path("extensions")));
        Map<String, Set<String>> used =
                Map.of("receivers", new TreeSet<>(), "processors", new TreeSet<>(), "exporters", new TreeSet<>());
        for (Map.Entry<String, JsonNode> pipeline : service.path("pipelines").properties()) {
            assertTrue(SIGNALS.contains(pipeline.getKey().split("/", 2)[0]), pipeline::getKey);
            assertEquals(used.keySet(), names(pipeline.getValue()));
            used.forEach((section, all) -> all.addAll(texts(pipeline.getValue().path(section))));
            assertEquals(
                    "memory_limiter",
                    pipeline.getValue().path("processors").path(0).asText(),
                    "what limits memory comes first");
        }
        used.forEach((section, all) -> assertEquals(names(collector.path(section)), all, section));
    }

    @Test
    void theCollectorListensWhereTheFunctionsSend() throws IOException {
        JsonNode protocols = YAML.readTree(Project.text(FOLDER + "collector.yaml"))
                .path("receivers")
                .path("otlp")
                .path("protocols");
        assertTrue(protocols.path("grpc").path("endpoint").asText().endsWith(":4317"));
        assertTrue(protocols.path("http").path("endpoint").asText().endsWith(":4318"));
    }

    @Test
    void theDashboardAsksForMetricsThatThereAre() throws IOException {
        List<String> queries = queries();
        assertFalse(queries.isEmpty());
        assertEquals(Set.of(), without(documented(), queries.stream().flatMap(ObservabilityTest::metrics)));
    }

    @Test
    void theDashboardAsksForValuesOfTierAndStateThatThereAre() throws IOException {
        String table = Project.text("docs/telemetry.md");
        for (String query : queries()) {
            found("(?:tier|state|reason)=\"([^\"]+)\"", query)
                    .forEach(value -> assertTrue(table.contains("`" + value + "`"), value));
        }
    }

    @Test
    void theDashboardsPanelsHaveNumbersOfTheirOwnAndDoNotOverlap() throws IOException {
        Set<Integer> numbers = new TreeSet<>();
        Set<String> cells = new TreeSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            assertTrue(numbers.add(panel.path("id").asInt()), panel::toString);
            JsonNode at = panel.path("gridPos");
            assertTrue(at.path("x").asInt() + at.path("w").asInt() <= 24, at::toString);
            for (int x = 0; x < at.path("w").asInt(); x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    assertTrue(
                            cells.add((at.path("x").asInt() + x) + ","
                                    + (at.path("y").asInt() + y)),
                            panel::toString);
                }
            }
        }
    }

    @Test
    void theAlertsAskForMetricsThatThereAre() throws IOException {
        Stream<String> asked =
                alerts().stream().map(alert -> alert.path("expr").asText()).flatMap(ObservabilityTest::metrics);
        assertEquals(Set.of(), without(documented(), asked));
    }

    @Test
    void everyAlertLeadsToAPlaceInTheDocumentation() throws IOException {
        for (JsonNode alert : alerts()) {
            String[] place = alert.path("annotations").path("runbook").asText().split("#", 2);
            assertTrue(Files.isRegularFile(Project.file(place[0])), alert::toString);
            if (place.length == 2) {
                assertTrue(anchors(place[0]).contains(place[1]), () -> place[0] + " has no " + place[1]);
            }
            assertTrue(Set.of("warning", "critical")
                    .contains(alert.path("labels").path("severity").asText()));
        }
    }

    @Test
    void everyAlertIsDocumentedAndTheReverse() throws IOException {
        Set<String> alerts =
                alerts().stream().map(alert -> alert.path("alert").asText()).collect(toCollection(TreeSet::new));
        assertEquals(
                alerts,
                found("`(Edge[A-Za-z0-9]+)`", Project.text("docs/observability.md"))
                        .collect(toCollection(TreeSet::new)));
    }

    private static List<JsonNode> alerts() throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        for (JsonNode group :
                YAML.readTree(Project.text(FOLDER + "alerts.yaml")).path("groups")) {
            group.path("rules").forEach(alerts::add);
        }
        assertFalse(alerts.isEmpty());
        return alerts;
    }

    private static JsonNode dashboard() throws IOException {
        return JSON.readTree(Project.text(FOLDER + "dashboard.json"));
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>(dashboard().findValuesAsText("expr"));
        for (JsonNode variable : dashboard().path("templating").path("list")) {
            queries.add(variable.path("query").asText());
        }
        return queries;
    }

    /** Of this project; a histogram by its name without what its series add. */
    private static Stream<String> metrics(String query) {
        return found("\\b((?:edge|coordinator)_[a-z0-9_]+)", query)
                .map(name -> name.replaceFirst("_(bucket|count|sum|max)$", ""));
    }

    /** Every metric of docs/telemetry.md, which a test of faults holds to what an instance sends, and those of coordinators. */
    private static Set<String> documented() throws IOException {
        return found(
                        "(?m)^\\| `((?:edge|coordinator)_[a-z0-9_]+)`",
                        Project.text("docs/telemetry.md") + Project.text("docs/fleet.md"))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> anchors(String page) throws IOException {
        return found("(?m)^#+ (.+)$", Project.text(page))
                .map(title -> title.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .collect(toCollection(TreeSet::new));
    }

    private static Stream<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult found) -> found.group(1));
    }

    private static Set<String> without(Set<String> known, Set<String> asked) {
        return without(known, asked.stream());
    }

    private static Set<String> without(Set<String> known, Stream<String> asked) {
        return asked.filter(name -> !known.contains(name)).collect(toCollection(TreeSet::new));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
