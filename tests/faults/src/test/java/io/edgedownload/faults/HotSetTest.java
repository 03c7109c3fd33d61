package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.fixtures.EtcdServer;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share a catalog, S3 and a hot set: what clients of the one want is on the other's disk before its own ask. */
class HotSetTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(99, 150_000);
    /** As often as it may take on a busy machine; each is a request. */
    private static final int MOST_LOOKS = 100_000;

    @Test
    void whatIsHotElsewhereIsFetchedAheadAndServedWhenAllElseIsGone(@TempDir Path folder) throws Exception {
        Optional<Path> program = EtcdServer.installed();
        assumeTrue(program.isPresent(), "there is no etcd");
        try (EtcdServer etcd = EtcdServer.start(program.orElseThrow(), folder);
                FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT)) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "edge.hot.etcd.url", etcd.uri().toString(),
                    "edge.hot.interval", "200ms",
                    "edge.hot.lease", "5s",
                    "edge.catalog.directory", folder.resolve("catalog").toString(),
                    "edge.cache.ssd.directory", folder.resolve("one").toString()));
            try (Edge one = Edge.start("hot-one", settings)) {
                String id = one.publish(Publication.of(origin.uri(PATH)).withS3(one.store(OBJECT)));
                settings.put("edge.s3.endpoint", one.storeEndpoint());
                settings.put("edge.cache.ssd.directory", folder.resolve("two").toString());
                try (Edge two = Edge.start("hot-two", settings)) {
                    assertWhole(OBJECT, one.get(id));
                    // Three chunks, which nobody has asked this one for.
                    await(two, "edge_hot_fetched_total", 3);
                    await(two, "edge_cache_ssd_chunks", 3);
                    assertTrue(two.readiness().contains("\"etcd\": \"yes\""), two.readiness());

                    etcd.kill();
                    await(two, "edge_hot_reached", 0);
                    origin.refuseConnections();
                    one.loseStore();
                    assertPart(OBJECT, 70_000, 140_000, two.part(id, 70_000, 140_000));
                    assertTrue(two.readiness().contains("\"etcd\": \"no-more\""), two.readiness());
                    assertEquals(3, two.metric("edge_hot_chunks"));
                }
            }
        }
    }

    private static void await(Edge edge, String metric, double value) throws IOException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            if (edge.metric(metric) == value) {
                return;
            }
        }
        throw new AssertionError(metric + " is never " + value + ": " + edge.metrics());
    }
}
