package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertBytes;
import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sick network is given less, all who download go on, and it ends when the network has recovered. */
class GuardTest {
    private static final String PATH = "/object";
    private static final int LENGTH_BYTES = 4 << 20;
    private static final HostedObject OBJECT = HostedObject.random(101, LENGTH_BYTES);
    private static final Path SNMP = Path.of("/proc/self/net/snmp");
    private static final int OPENED = 150;
    private static final int CLIENTS = 4;
    private static final String ZONE = "guarded";

    /** So that no answer can end before all have begun: that would take 16 s at least. */
    private static final String LIMIT = "256K";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @Test
    void realConnectionsLimitWhatIsSent() throws Exception {
        assumeTrue(Files.isReadable(SNMP), "no counters of Linux here");
        try (var origin = FaultOrigin.start().serve(PATH, OBJECT);
                var edge = edge(Map.of(
                        "edge.guard.established-max",
                        Long.toString(established() + OPENED / 2),
                        "edge.guard.egress-max",
                        "16M"))) {
            var connections = new ArrayList<RawHttp>();
            try {
                var id = edge.publish(Publication.of(origin.uri(PATH)));
                for (int connection = 0; connection < OPENED; connection++) {
                    connections.add(RawHttp.connect(edge.uri(id)));
                }
                await("the limit is never entered", () -> limit(edge) > 0);
                await("it is not counted", () -> edge.metric("edge_guard_entered_total{cause=\"connections\"}") >= 1);
                await("it is not told", () -> edge.log().contains("the network is overloaded (connections)"));
                assertWhole(OBJECT, edge.get(id));
                assertTrue(edge.metric("edge_guard_paced_bytes_total") >= LENGTH_BYTES);
            } finally {
                for (var connection : connections) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void answersFromMemoryTakeTurnsUntilItIsOver() throws Exception {
        takeTurns(Map.of());
    }

    @Test
    void answersFromFilesTakeTurnsUntilItIsOver() throws Exception {
        takeTurns(Map.of(
                "edge.cache.memory.max-size",
                "0",
                "edge.cache.ssd.directory",
                folder.resolve("chunks").toString(),
                "edge.cache.ssd.min-free",
                "0"));
    }

    @Test
    void aCoordinatorHearsOfItAndItsLowerLimitHoldsUntilItIsOver() throws Exception {
        counters(5);
        try (var origin = FaultOrigin.start().serve(PATH, OBJECT);
                var coordinator = Coordinator.start("guarded", Map.of("coordinator.egress-limit", "8M"));
                var edge = edge(Map.of(
                        "edge.guard.snmp",
                        folder.resolve("snmp").toString(),
                        "edge.guard.egress-max",
                        "16M",
                        "edge.coordinator.url",
                        "http://127.0.0.1:" + coordinator.port(),
                        "edge.coordinator.token",
                        Coordinator.TOKEN,
                        "edge.coordinator.zone",
                        ZONE,
                        "edge.coordinator.interval",
                        "200ms"))) {
            var id = edge.publish(Publication.of(origin.uri(PATH)));
            await("it does not join", () -> edge.metric("edge_coordinator_joined") == 1);
            counters(6_000);
            await("nobody hears of it", () -> coordinator.events(ZONE, "surge-began") == 1);
            var told = Objects.requireNonNull(coordinator.edgeIn(ZONE));
            assertTrue(told.getJsonArray("conditions").contains("surge"), told::encode);
            assertTrue(told.getJsonObject("events").encode().contains("6000 established"), told::encode);
            await("nothing is ordered", () -> limit(edge) == 8 << 20);
            assertWhole(OBJECT, edge.get(id));
            assertTrue(edge.metric("edge_guard_paced_bytes_total") >= LENGTH_BYTES);

            counters(5);
            await("nobody hears of the end", () -> coordinator.events(ZONE, "surge-ended") == 1);
            await("the order stays", () -> limit(edge) == 0);
            assertTrue(Objects.requireNonNull(coordinator.edgeIn(ZONE))
                    .getJsonArray("conditions")
                    .isEmpty());
        }
    }

    private void takeTurns(Map<String, String> cache) throws Exception {
        counters(5);
        var settings = new HashMap<>(cache);
        settings.put("edge.guard.snmp", folder.resolve("snmp").toString());
        settings.put("edge.guard.egress-max", LIMIT);
        try (var origin = FaultOrigin.start().serve(PATH, OBJECT);
                var edge = edge(settings)) {
            var id = edge.publish(Publication.of(origin.uri(PATH)));
            assertWhole(OBJECT, edge.get(id));
            if (!cache.isEmpty()) {
                await("it is never written", () -> edge.metric("edge_cache_ssd_written_total") >= 1);
            }
            counters(6_000);
            await("the limit is never entered", () -> limit(edge) == 256 << 10);
            assertTrue(edge.readiness().contains("overloaded"));

            var clients = new ArrayList<RawHttp>();
            try {
                for (int client = 0; client < CLIENTS; client++) {
                    clients.add(RawHttp.connect(edge.uri(id)));
                }
                progress(edge, id, clients);
            } finally {
                for (var client : clients) {
                    client.close();
                }
            }
            assertTrue(edge.log().contains("the network has recovered (connections)"));
        }
    }

    private void progress(Edge edge, String id, List<RawHttp> clients) throws IOException {
        for (var client : clients) {
            client.request("GET", edge.uri(id), Map.of());
        }
        var heads = new ArrayList<RawHttp.Head>();
        for (var client : clients) {
            heads.add(client.head());
            assertArrayEquals(OBJECT.slice(0, 0), client.read(1));
        }
        // All have begun, and not even one of them can have had all of its bytes.
        assertTrue(edge.metric("edge_guard_paced_bytes_total") < LENGTH_BYTES);
        counters(5);
        await("the limit is never lifted", () -> limit(edge) == 0);
        for (int client = 0; client < CLIENTS; client++) {
            assertBytes(OBJECT.slice(1, LENGTH_BYTES - 1L), clients.get(client).rest(heads.get(client), 1));
        }
        assertEquals(1, edge.metric("edge_guard_entered_total{cause=\"connections\"}"));
    }

    private Edge edge(Map<String, String> settings) throws IOException, InterruptedException {
        var all = new HashMap<String, String>();
        all.put("edge.guard.interval", "100ms");
        all.put("edge.guard.lift-after", "200ms");
        all.put("edge.deadline.total", "120s");
        all.putAll(settings);
        return Edge.start("guard", all);
    }

    /** Whoever else runs on this machine has connections, too. */
    private static long established() throws IOException {
        var lines = Files.readAllLines(SNMP).stream()
                .filter(line -> line.startsWith("Tcp: "))
                .map(line -> List.of(line.split(" ", -1)))
                .toList();
        return Long.parseLong(lines.get(1).get(lines.getFirst().indexOf("CurrEstab")));
    }

    private static double limit(Edge edge) throws IOException {
        return edge.metric("edge_guard_limit_bytes_per_second");
    }

    /** At once, as the system's are. */
    private void counters(long established) throws IOException {
        var next = Files.writeString(
                folder.resolve("next"), "Tcp: CurrEstab OutSegs RetransSegs\nTcp: %d 0 0\n".formatted(established));
        Files.move(next, folder.resolve("snmp"), StandardCopyOption.ATOMIC_MOVE);
    }
}
