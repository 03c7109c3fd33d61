package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.fixtures.EtcdServer;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edges and coordinators as processes: what an edge tells, and what it does when it is told. */
class FleetTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(71, 150_000);
    private static final String INTEGRITY = "integrity-failure";
    private static final String INTEGRITY_METRIC = "edge_fetch_failed_total{reason=\"integrity\",tier=\"origin\"}";

    /** An origin that sends wrong bytes: each attempt is an event, and each download is saved by S3. */
    @Test
    void whenACoordinatorIsKilledUnderLoadNothingIsLost(@TempDir Path folder) throws Exception {
        Optional<Path> program = EtcdServer.installed();
        assumeTrue(program.isPresent(), "there is no etcd");
        try (EtcdServer etcd = EtcdServer.start(program.orElseThrow(), folder);
                FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT);
                Coordinator one = coordinator("one", etcd);
                Coordinator two = coordinator("two", etcd);
                FrontDoor door = new FrontDoor(List.of(one.port(), two.port()));
                Edge edge = Edge.start("reporting", settings(folder, door, "north"))) {
            String id =
                    edge.publish(Publication.of(origin.uri(PATH)).withDigest().withS3(edge.store(OBJECT)));
            origin.onRanged(PATH).always(new Fault.WrongBytes());
            load(edge, id);
            await("the other coordinator hears nothing", () -> two.events("north", INTEGRITY) > 0);
            assertEquals("one", name(two));

            // Somebody drains the edge at the coordinator that does not have its stream.
            two.drain("north", true);
            await("it is not drained", () -> edge.readiness().contains("\"drained\": true"));
            one.kill();
            for (int round = 0; round < 10; round++) {
                load(edge, id);
            }
            await("it does not turn to the other one", () -> "two".equals(name(two)));
            load(edge, id);
            await("not all is stored", () -> edge.metric("edge_coordinator_waiting") == 0);
            assertEquals((long) edge.metric(INTEGRITY_METRIC), two.events("north", INTEGRITY));
            assertEquals(0, edge.metric("edge_coordinator_dropped_total"));
            assertTrue(edge.readiness().contains("\"drained\": true"), "the order outlives who gave it");
            two.drain("north", false);
            await("it is not lifted", () -> edge.readiness().contains("\"drained\": false"));
        }
    }

    @Test
    void aNewEdgeIsWarmedWithWhatIsHotOnTheOthers(@TempDir Path folder) throws Exception {
        try (FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT);
                Coordinator coordinator = Coordinator.start("alone", Map.of())) {
            try (FrontDoor door = new FrontDoor(List.of(coordinator.port()));
                    Edge old = Edge.start("warm-old", settings(folder, door, "north"))) {
                String id = old.publish(Publication.of(origin.uri(PATH)).withS3(old.store(OBJECT)));
                assertWhole(OBJECT, old.get(id));
                Map<String, String> settings = settings(folder, door, "south");
                settings.put("edge.s3.endpoint", old.storeEndpoint());
                try (Edge fresh = Edge.start("warm-new", settings)) {
                    // Three chunks, which nobody has asked this one for.
                    await("it is not warmed", () -> fresh.metric("edge_coordinator_warmed_total") == 3);
                    await("they are not on disk", () -> fresh.metric("edge_cache_ssd_chunks") == 3);

                    // Without a coordinator it goes on.
                    coordinator.kill();
                    await("it does not notice", () -> fresh.metric("edge_coordinator_joined") == 0);
                    origin.refuseConnections();
                    assertPart(OBJECT, 70_000, 140_000, fresh.part(id, 70_000, 140_000));
                }
            }
        }
    }

    private static Coordinator coordinator(String name, EtcdServer etcd) throws IOException, InterruptedException {
        return Coordinator.start(
                name, Map.of("coordinator.etcd.url", etcd.uri().toString(), "coordinator.etcd.lease", "3s"));
    }

    private static Map<String, String> settings(Path folder, FrontDoor door, String zone) {
        return new HashMap<>(Map.of(
                "edge.coordinator.url",
                door.uri().toString(),
                "edge.coordinator.token",
                Coordinator.TOKEN,
                "edge.coordinator.zone",
                zone,
                "edge.coordinator.interval",
                "200ms",
                "edge.sources.quarantine",
                "0s",
                "edge.catalog.directory",
                folder.resolve("catalog").toString(),
                "edge.cache.ssd.directory",
                folder.resolve(zone).toString()));
    }

    /** Everything once more from the origin, which sends something else. */
    private static void load(Edge edge, String id) throws IOException {
        assertEquals(204, edge.call("evict", id).status());
        assertWhole(OBJECT, edge.get(id));
    }

    /** The coordinator that has the edge's stream, as this one knows. */
    private static String name(Coordinator asked) throws IOException {
        JsonObject edge = asked.edgeIn("north");
        return edge == null ? "none" : edge.getString("coordinator");
    }
}
