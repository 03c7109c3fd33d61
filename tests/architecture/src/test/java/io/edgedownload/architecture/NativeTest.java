package io.edgedownload.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.EdgeProcess;
import io.edgedownload.local.LocalS3;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/** What a native executable has to be told, held to a process that runs on the JVM with everything switched on. */
final class NativeTest {
    private static final String METADATA = "META-INF/native-image/io.edgedownload/edge/";
    private static final String TOKEN = "of-the-native-test";
    private static final Pattern GENERATED_CACHE =
            Pattern.compile(" (com\\.github\\.benmanes\\.caffeine\\.cache\\.[SPWF][A-Z]+)(?= |$)", Pattern.MULTILINE);
    private static final Pattern LOADED = Pattern.compile(
            "\\] ((?:io\\.edgedownload|software\\.amazon|com\\.github\\.benmanes|org\\.HdrHistogram)\\.[\\w.$]+) source: (?:jar:)?file");

    private static Set<String> caches = Set.of();
    private static Set<String> loaded = Set.of();

    @BeforeAll
    static void useEverything(@TempDir Path folder) throws Exception {
        HostedObject object = HostedObject.random(96, 300_000);
        Path log = folder.resolve("classes.log");
        try (LocalS3 s3 = LocalS3.start(folder.resolve("s3"), 0, "secret-of-the-native-test");
                FaultOrigin origin = FaultOrigin.start().serve("/object", object);
                EdgeProcess edge = EdgeProcess.start(launch(folder, log, s3))) {
            publish(edge.uri(), "object", origin.uri("/object"), 201);
            // A name that no server knows, so that all of resolving is used.
            publish(edge.uri(), "unknown", URI.create("http://name.test/object"), 409);
            RawResponse whole = RawHttp.get(edge.uri().resolve("/download/object"));
            assertEquals(object.lengthBytes(), whole.body().length);
            call(edge.uri(), "resolve", "{\"id\":\"object\"}", 200);
            caches = found(GENERATED_CACHE, histogram(edge.handle().pid()));
            loaded = found(LOADED, Files.readString(log));
        }
    }

    @AfterAll
    static void forget() {
        caches = Set.of();
        loaded = Set.of();
    }

    private static EdgeProcess.Launch launch(Path folder, Path log, LocalS3 s3) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "quarkus.profile",
                "local",
                "edge.admin.token",
                TOKEN,
                "edge.catalog.type",
                "s3",
                "edge.catalog.s3.bucket",
                LocalS3.BUCKET,
                "edge.s3.endpoint",
                s3.endpoint().toString(),
                "edge.s3.access-key-id",
                LocalS3.ACCESS_KEY_ID,
                "edge.s3.path-style",
                "true",
                "edge.s3.fill",
                "true",
                "edge.s3.fill-bucket",
                LocalS3.BUCKET,
                "edge.cache.ssd.directory",
                folder.resolve("chunks").toString()));
        settings.put("edge.cache.ssd.min-free", "0");
        settings.put("edge.dns.servers", "127.0.0.1:9");
        settings.put("edge.dns.timeout", "200ms");
        return new EdgeProcess.Launch(
                EdgeProcess.runnerInProject(),
                0,
                settings,
                Map.of(
                        "EDGE_S3_SECRET_ACCESS_KEY",
                        s3.secretAccessKey(),
                        "JAVA_TOOL_OPTIONS",
                        "-Xlog:class+load:file=" + log),
                folder.resolve("edge.log"),
                Duration.ofMinutes(1));
    }

    private static void publish(URI edge, String id, URI source, int status) throws IOException {
        call(edge, "publish", "{\"id\":\"%s\",\"sources\":[\"%s\"]}".formatted(id, source), status);
    }

    private static void call(URI edge, String function, String body, int status) throws IOException {
        RawResponse answer =
                RawHttp.post(edge.resolve("/" + function), Map.of("Authorization", "Bearer " + TOKEN), body);
        assertEquals(status, answer.status(), answer::toString);
    }

    private static String histogram(long pid) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.class_histogram").start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Caffeine finds them by name, and native-image keeps only what it can see. */
    @Test
    void theCachesThatCaffeineGeneratesAreRegisteredAndNoOthers() throws IOException {
        JsonNode metadata = new ObjectMapper().readTree(resource("reachability-metadata.json"));
        Set<String> registered = new TreeSet<>();
        for (JsonNode each : metadata.path("reflection")) {
            registered.add(each.path("type").asText());
        }
        assertEquals(caches, registered);
    }

    @Test
    void staticFieldsHoldNothingOfTheBuildingMachine() throws IOException {
        assertTrue(loaded.size() > 500, loaded::toString);
        StaticState state = new StaticState();
        loaded.forEach(state::look);
        assertEquals(Map.of(), state.unfit());
    }

    /** All of its classes, for what can be reached is more than what is used. */
    @Test
    void whatDnsjavaHoldsOfTheMachineIsMadeAtTheStart() throws Exception {
        StaticState state = new StaticState();
        Path jar = Path.of(Message.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (JarFile classes = new JarFile(jar.toFile())) {
            classes.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("org/xbill/") && name.endsWith(".class"))
                    .map(name -> name.replaceFirst("\\.class$", "").replace('/', '.'))
                    .forEach(state::look);
        }
        assertEquals(initializedAtRunTime(), new TreeMap<>(state.unfit()).keySet());
    }

    private static Set<String> initializedAtRunTime() throws IOException {
        Properties properties = new Properties();
        try (var file = Files.newBufferedReader(file("native-image.properties"))) {
            properties.load(file);
        }
        String classes = properties.getProperty("Args").replace("--initialize-at-run-time=", "");
        return new TreeSet<>(Arrays.asList(classes.split(",", -1)));
    }

    private static String resource(String name) throws IOException {
        return Files.readString(file(name));
    }

    private static Path file(String name) {
        return Path.of("../../functions/edge/src/main/resources").resolve(METADATA + name);
    }
}
