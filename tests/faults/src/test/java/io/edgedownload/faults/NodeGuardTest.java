package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.await;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.local.EdgeProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard of a node as a process, with its program in this machine's kernel, beside real traffic and a real coordinator. */
class NodeGuardTest {
    private static final Path PROGRAM =
            Path.of("../../infra/ebpf/target/node_guard.bpf.o").toAbsolutePath().normalize();
    private static final Path GUARD = Path.of("../../functions/guard/target/quarkus-app/quarkus-run.jar");
    private static final String ZONE = "rack-7";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long LIMIT = 10_000_000;

    /** With nothing else that root may do. */
    private static final List<String> CAPABILITIES =
            List.of("setpriv", "--bounding-set=-all,+bpf,+net_admin,+perfmon", "--inh-caps=-all");

    private static final Pattern TRAFFIC =
            Pattern.compile("(\\d+) established, (\\d+) of (\\d+) segments sent again in (\\d+) ms");

    private static Path controlGroups = Path.of("");

    @BeforeEach
    void canBeDoneHere() throws Exception {
        assumeTrue(Files.isReadable(PROGRAM), "there is no program for the kernel: clang or libbpf is missing");
        assumeTrue("0".equals(Wire.run("id", "-u").strip()), "this is not root");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel has no BTF");
        controlGroups = Wire.controlGroups().orElse(Path.of(""));
        assumeTrue(!controlGroups.toString().isEmpty(), "there are no control groups of version 2");
    }

    @Test
    void aGroupWithTooManyConnectionsIsHeldToItsLimitAndNoOther() throws Exception {
        try (Wire wire = new Wire(controlGroups);
                Coordinator coordinator = Coordinator.start("node-surge", Map.of());
                EdgeProcess guard = guard(wire, coordinator, surge(50))) {
            Wire.Sender surging = wire.sender("surging");
            Wire.Sender calm = wire.sender("calm");
            calm.connections(1, 1);
            surging.connections(60, 60);
            await("nobody hears of it", () -> coordinator.events(ZONE, "surge-began") == 1);
            assertEquals(path(wire, "surging"), told(coordinator, "surge-began").getString("subject"));
            await("the condition is not told", () -> conditions(coordinator).contains("surge"));
            assertEquals(1, metric(guard, "node_guard_limited{cause=\"connections\"}"));

            // The other group is as fast as ever.
            awaitRate(wire, NodeGuardTest::isOverTheLimit);
            calm.connections(1, 0);
            awaitRate(wire, NodeGuardTest::isAtTheLimit);
            // Few of them have anything to send: what the others leave goes to these.
            surging.connections(60, 5);
            awaitRate(wire, NodeGuardTest::isAtTheLimit);

            surging.connections(30, 30);
            await("it is not lifted", () -> coordinator.events(ZONE, "surge-ended") == 1);
            awaitRate(wire, NodeGuardTest::isOverTheLimit);
            await("the condition stays", () -> conditions(coordinator).isEmpty());
            assertEquals(30, metric(guard, "node_guard_established") - 1);
            assertEquals(0, metric(guard, "node_guard_lost_total{what=\"groups\"}"));
        }
    }

    @Test
    void aGroupWhoseSegmentsAreLostIsHeldToItsLimitUntilTheyArrive() throws Exception {
        try (Wire wire = new Wire(controlGroups);
                Coordinator coordinator = Coordinator.start("node-loss", Map.of());
                EdgeProcess guard =
                        guard(wire, coordinator, Map.of("guard.window", "3s", "guard.egress-max", "1000000"))) {
            Wire.Sender sender = wire.sender("lossy");
            wire.lose(120);
            sender.connections(8, 8);
            await("nobody hears of it", () -> coordinator.events(ZONE, "retransmits-began") >= 1);
            assertEquals(
                    path(wire, "lossy"), told(coordinator, "retransmits-began").getString("subject"));
            Matcher told = traffic(told(coordinator, "retransmits-began"));
            assertTrue(number(told, 2) * 100 > number(told, 3) * 8, told::group);
            awaitRate(wire, rate -> isWithinTenPercent(1_000_000, rate));

            wire.lose(0);
            await("it is not lifted", () -> coordinator.events(ZONE, "retransmits-ended") >= 1);
            awaitRate(wire, NodeGuardTest::isOverTheLimit);
            await("a limit is shown", () -> metric(guard, "node_guard_limited{cause=\"retransmits\"}") == 0);
        }
    }

    @Test
    void itCountsWhatTheSystemCounts() throws Exception {
        Map<String, String> settings = Map.of("guard.window", "2m", "guard.established-max", "50");
        try (Wire wire = new Wire(controlGroups);
                Coordinator coordinator = Coordinator.start("node-counts", Map.of());
                EdgeProcess guard = guard(wire, coordinator, settings)) {
            Wire.Sender sender = wire.sender("counted");
            wire.lose(120);
            sender.connections(4, 4);
            await("nothing is sent", () -> metric(guard, "node_guard_segments_sent_total") > 20_000);
            sender.connections(0, 0);
            wire.lose(0);
            // What is in the sockets' buffers still goes out.
            await("connections stay", () -> metric(guard, "node_guard_established") == 0 && quiet(wire));
            long sent = wire.counter("OutSegs");
            long retransmitted = wire.counter("RetransSegs");

            // An event of its own, with all that was counted within the window.
            sender.connections(60, 0);
            await("nobody hears of it", () -> coordinator.events(ZONE, "surge-began") == 1);
            Matcher told = traffic(told(coordinator, "surge-began"));
            assertEquals(60, number(told, 1));
            assertWithinFivePercent(retransmitted, number(told, 2));
            assertWithinFivePercent(sent + retransmitted, number(told, 3));
        }
    }

    @Test
    void whatAGuardThatWasKilledLeavesBehindIsLiftedByTheNextOne() throws Exception {
        try (Wire wire = new Wire(controlGroups);
                Coordinator coordinator = Coordinator.start("node-killed", Map.of())) {
            Wire.Sender sender = wire.sender("kept");
            try (EdgeProcess guard = guard(wire, coordinator, surge(10))) {
                sender.connections(20, 20);
                awaitRate(wire, NodeGuardTest::isAtTheLimit);
                guard.handle().destroyForcibly();
                guard.handle().onExit().join();
            }
            // Nobody is there who could change the pace of the sockets.
            awaitRate(wire, NodeGuardTest::isAtTheLimit);
            try (EdgeProcess guard = guard(wire, coordinator, surge(5_000))) {
                awaitRate(wire, NodeGuardTest::isOverTheLimit);
                await("it does not see them", () -> metric(guard, "node_guard_established") == 20);
            }
        }
    }

    @Test
    void aGuardThatIsToldToStopLiftsItsLimits() throws Exception {
        try (Wire wire = new Wire(controlGroups);
                Coordinator coordinator = Coordinator.start("node-stopped", Map.of())) {
            Wire.Sender sender = wire.sender("freed");
            try (EdgeProcess guard = guard(wire, coordinator, surge(10))) {
                sender.connections(20, 20);
                awaitRate(wire, NodeGuardTest::isAtTheLimit);
                guard.stop();
            }
            awaitRate(wire, NodeGuardTest::isOverTheLimit);
        }
    }

    @Test
    void itSaysWhetherANodeCanBeGuardedAndWhatItLacks() throws Exception {
        Ended can = run(CAPABILITIES, "--check");
        assertEquals(0, can.code(), can.said());
        assertTrue(can.said().contains("this node can be guarded"), can.said());
        Ended lacks = run(List.of("setpriv", "--bounding-set=-all,+net_admin,+perfmon", "--inh-caps=-all"), "--check");
        assertEquals(1, lacks.code(), lacks.said());
        assertTrue(lacks.said().contains("the capability BPF is missing"), lacks.said());
        Ended wrong = run(CAPABILITIES, "--chekc");
        assertEquals(2, wrong.code(), wrong.said());
        assertTrue(wrong.said().contains("--chekc") && wrong.said().contains("see --help"), wrong.said());
    }

    @Test
    void guardsAndCoordinatorsMeasureWhatTheirDocumentsSay() throws Exception {
        try (Wire wire = new Wire(controlGroups);
                Coordinator coordinator = Coordinator.start("node-measured", Map.of());
                EdgeProcess guard = guard(wire, coordinator, Map.of())) {
            assertEquals(documented("node-guard.md", "node_guard_"), measured("node_guard_", metrics(guard)));
            assertEquals(documented("fleet.md", "coordinator_"), measured("coordinator_", coordinator.metrics()));
        }
    }

    private static Set<String> measured(String prefix, String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> documented(String document, String prefix) throws IOException {
        return Files.readAllLines(Path.of("../../docs", document)).stream()
                .filter(line -> line.startsWith("| `" + prefix))
                .map(line -> line.split("`", 3)[1])
                .collect(toCollection(TreeSet::new));
    }

    private record Ended(int code, String said) {}

    private static Ended run(List<String> wrapper, String argument) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dguard.program=" + PROGRAM,
                "-Dguard.cgroup=" + controlGroups,
                "-jar",
                GUARD.toString(),
                argument));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.onExit().join().exitValue(), said);
    }

    /** Of connections alone: a busy machine loses segments by itself. */
    private static Map<String, String> surge(int connections) {
        return Map.of("guard.established-max", String.valueOf(connections), "guard.retransmit-percent", "100");
    }

    private static EdgeProcess guard(Wire wire, Coordinator coordinator, Map<String, String> more)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target", "edges")), "node-guard-");
        Map<String, String> settings = new HashMap<>(Map.of(
                "guard.program",
                PROGRAM.toString(),
                "guard.cgroup",
                wire.group().toString(),
                "guard.egress-max",
                String.valueOf(LIMIT),
                "guard.lift-after",
                "2s",
                "guard.coordinator.url",
                "http://127.0.0.1:" + coordinator.port(),
                "guard.coordinator.zone",
                ZONE,
                "guard.coordinator.interval",
                "200ms"));
        settings.putAll(more);
        return EdgeProcess.start(new EdgeProcess.Launch(
                GUARD,
                0,
                settings,
                Map.of("GUARD_COORDINATOR_TOKEN", Coordinator.TOKEN),
                directory.resolve("guard.log"),
                START_LIMIT,
                CAPABILITIES));
    }

    /** As in {@code /proc/PID/cgroup}. */
    private static String path(Wire wire, String group) {
        return "/" + controlGroups.relativize(wire.group().resolve(group));
    }

    private static boolean isAtTheLimit(double bytesPerSecond) {
        return isWithinTenPercent(LIMIT, bytesPerSecond);
    }

    private static boolean isOverTheLimit(double bytesPerSecond) {
        return bytesPerSecond > 1.5 * LIMIT;
    }

    private static boolean isWithinTenPercent(double limit, double bytesPerSecond) {
        return Math.abs(bytesPerSecond - limit) <= 0.1 * limit;
    }

    private static void awaitRate(Wire wire, DoublePredicate wanted) throws IOException {
        await("the rate is another one", () -> wanted.test(wire.rate(Duration.ofSeconds(1))));
    }

    private static boolean quiet(Wire wire) throws IOException {
        return wire.rate(Duration.ofMillis(500)) == 0;
    }

    private static void assertWithinFivePercent(long expected, long actual) {
        assertTrue(Math.abs(expected - actual) <= expected * 0.05, () -> expected + " and " + actual);
    }

    private static Matcher traffic(JsonObject told) {
        Matcher traffic = TRAFFIC.matcher(told.getString("detail"));
        assertTrue(traffic.matches());
        return traffic;
    }

    private static long number(Matcher traffic, int group) {
        return Long.parseLong(traffic.group(group));
    }

    /** The last event of that kind. */
    private static JsonObject told(Coordinator coordinator, String kind) throws IOException {
        return node(coordinator).getJsonObject("events").getJsonArray("recent").stream()
                .map(JsonObject.class::cast)
                .filter(each -> kind.equals(each.getString("kind")))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static List<?> conditions(Coordinator coordinator) throws IOException {
        return node(coordinator).getJsonArray("conditions").getList();
    }

    private static JsonObject node(Coordinator coordinator) throws IOException {
        JsonObject node = Objects.requireNonNull(coordinator.edgeIn(ZONE));
        assertEquals("node-guard", node.getString("role"));
        return node;
    }

    private static String metrics(EdgeProcess guard) throws IOException {
        return RawHttp.get(guard.uri().resolve("/q/metrics"), Map.of()).text();
    }

    /** A row of the metrics of a guard; NaN while it is not there. */
    private static double metric(EdgeProcess guard, String row) throws IOException {
        return metrics(guard)
                .lines()
                .filter(line -> line.startsWith(row + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(row.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
