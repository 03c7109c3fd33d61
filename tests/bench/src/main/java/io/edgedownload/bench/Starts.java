package io.edgedownload.bench;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.EdgeProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.logging.LogManager;

/** {@code ./bench start}: how long from nothing to the first byte of a download, and with how much memory? */
final class Starts {
    private static final String ID = "first";
    private static final String TOKEN = "of-the-benchmark";
    private static final int OBJECT_BYTES = 64 << 10;

    /** Part of what an AOT cache is made for. */
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private static final String JVM = "JVM";
    private static final String AOT = "JVM with AOT cache";
    private static final String NATIVE = "native";

    private Starts() {}

    /**
     * Arguments: a folder for data, the JSON file to write, and perhaps {@code --quick} for fewer rounds. The system property
     * {@code edge.native} names a native executable, {@code edge.aot} the folder that has the AOT cache.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        int rounds = List.of(arguments).contains("--quick") ? 5 : 11;
        Path folder = Path.of(arguments[0]);
        HostedObject object = HostedObject.random(1, OBJECT_BYTES);
        try (FaultOrigin origin = FaultOrigin.start().serve("/first", object)) {
            Map<String, String> settings = settings(folder);
            publish(folder, settings, origin);
            System.out.printf(Locale.ROOT, "Measuring %d starts of each%n", rounds);
            Map<String, List<FirstByte>> starts = measure(folder, settings, rounds);
            print(starts);
            Files.writeString(Path.of(arguments[1]), json(starts).encodePrettily() + "\n");
            System.exit(verdict(starts) ? 0 : 1);
        }
    }

    private static Map<String, String> settings(Path folder) {
        return Map.of(
                "quarkus.profile", "local",
                "edge.admin.token", TOKEN,
                "edge.catalog.directory", folder.resolve("catalog").toString(),
                "edge.cache.memory.max-size", "32M",
                "edge.fill.in-flight-max", "32M");
    }

    private static void publish(Path folder, Map<String, String> settings, FaultOrigin origin)
            throws IOException, InterruptedException {
        EdgeProcess.Launch launch = new EdgeProcess.Launch(
                EdgeProcess.runnerInProject(),
                0,
                settings,
                Map.of(),
                folder.resolve("publish.log"),
                Duration.ofMinutes(1));
        try (EdgeProcess edge = EdgeProcess.start(launch)) {
            RawResponse published = RawHttp.post(
                    edge.uri().resolve("/publish"),
                    Map.of("Authorization", "Bearer " + TOKEN),
                    "{\"id\":\"%s\",\"sources\":[\"%s\"],\"digest\":true}".formatted(ID, origin.uri("/first")));
            if (published.status() != 201) {
                throw new IOException("not published: " + published);
            }
        }
    }

    private static Map<String, List<FirstByte>> measure(Path folder, Map<String, String> settings, int rounds)
            throws IOException, InterruptedException {
        Map<String, List<String>> programs = programs();
        Map<String, List<FirstByte>> starts = new LinkedHashMap<>();
        // The first start of each reads files that no later one has to read.
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, List<String>> each : programs.entrySet()) {
                FirstByte start = FirstByte.measure(each.getValue(), settings, ID, folder.resolve("start.log"));
                if (round >= 0) {
                    starts.computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                            .add(start);
                }
            }
        }
        return starts;
    }

    /** Commands by name, as {@link FirstByte} takes them. */
    private static Map<String, List<String>> programs() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Map<String, List<String>> programs = new LinkedHashMap<>();
        programs.put(
                JVM,
                List.of(
                        java,
                        NATIVE_ACCESS,
                        "-jar",
                        EdgeProcess.runnerInProject().toString()));
        Path aot = Path.of(System.getProperty("edge.aot", "no-folder"));
        if (Files.isRegularFile(aot.resolve("app.aot"))) {
            programs.put(
                    AOT,
                    List.of(
                            java,
                            "-XX:AOTCache=" + aot.resolve("app.aot"),
                            NATIVE_ACCESS,
                            "-jar",
                            aot.resolve("quarkus-run.jar").toString()));
        }
        String executable = System.getProperty("edge.native", "");
        if (!executable.isEmpty()) {
            programs.put(NATIVE, List.of(executable));
        }
        return programs;
    }

    private static void print(Map<String, List<FirstByte>> starts) {
        System.out.printf(Locale.ROOT, "%-22s %14s %12s%n", "functions", "first byte ms", "resident MiB");
        starts.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "%-22s %14.0f %12.0f%n",
                name,
                median(all, FirstByte::millis),
                median(all, FirstByte::residentMebibytes)));
    }

    private static double median(List<FirstByte> starts, ToDoubleFunction<FirstByte> figure) {
        double[] sorted = starts.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Prints the figures; true when none is missed. */
    private static boolean verdict(Map<String, List<FirstByte>> starts) {
        List<FirstByte> jvm = Objects.requireNonNull(starts.get(JVM));
        List<Figure> figures = new ArrayList<>();
        List<FirstByte> aot = starts.get(AOT);
        if (aot == null) {
            Figure.skipped("B4", "aot-ratio", "there is no AOT cache: native-build/aot.sh makes it");
        } else {
            figures.add(Figure.atMost(
                    0.4, "B4", "aot-ratio", median(aot, FirstByte::millis) / median(jvm, FirstByte::millis)));
        }
        List<FirstByte> executable = starts.get(NATIVE);
        if (executable == null) {
            Figure.skipped("B4", "native-ms", "no executable was given: --native PATH");
            Figure.skipped("B4", "native-mebibytes", "no executable was given: --native PATH");
        } else {
            figures.add(Figure.atMost(60, "B4", "native-ms", median(executable, FirstByte::millis)));
            figures.add(Figure.atMost(64, "B4", "native-mebibytes", median(executable, FirstByte::residentMebibytes)));
        }
        return Figure.verdict(figures);
    }

    private static JsonObject json(Map<String, List<FirstByte>> starts) {
        JsonObject json = new JsonObject()
                .put("benchmark", "start")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("processors", Runtime.getRuntime().availableProcessors());
        starts.forEach((name, all) -> json.put(
                name,
                new JsonObject()
                        .put(
                                "firstByteMillis",
                                new JsonArray(
                                        all.stream().map(FirstByte::millis).toList()))
                        .put("medianMillis", median(all, FirstByte::millis))
                        .put("medianResidentMebibytes", median(all, FirstByte::residentMebibytes))));
        return json;
    }
}
