package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of its own that is full or read-only for a while: a memory file system, which takes root to mount. */
class SsdTroubleTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(98, 3_000_000);

    private Path disk;
    private FaultOrigin origin;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        disk = folder;
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk.toString()) == 0,
                "SKIPPED: a file system can be mounted by root only");
    }

    @AfterEach
    void stop() throws Exception {
        origin.close();
        run("umount", disk.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private int remount(String options) throws IOException, InterruptedException {
        return run("mount", "-o", "remount," + options, disk.toString());
    }

    private Edge edge() throws IOException, InterruptedException {
        return Edge.start(
                "ssd-trouble",
                Map.of(
                        "edge.cache.memory.max-size", "0",
                        "edge.cache.ssd.directory", disk.resolve("chunks").toString(),
                        "edge.cache.ssd.min-free", "0"));
    }

    @Test
    void aFullDiskIsDoneWithoutUntilThereIsRoom() throws Exception {
        try (Edge edge = edge()) {
            // Somebody else takes the room: seen by a look, or by a write that fails if the look was before.
            assertEquals(0, run("dd", "if=/dev/zero", "of=" + disk.resolve("other"), "bs=1k", "count=950"));
            String id = edge.publish(Publication.of(origin.uri(PATH)));
            assertWhole(OBJECT, edge.get(id));
            awaitUsable(edge, 0);
            assertTrue(edge.readiness().contains("full"), edge.readiness());
            assertTrue(edge.log().contains(disk + "/chunks cannot be used by uid 0"), "path and uid are told");
            assertTrue(edge.log().contains("Free some space"), "and the cure");
            assertWhole(OBJECT, edge.get(id));

            assertEquals(0, remount("size=64m"));
            awaitUsable(edge, 1);
            assertWhole(OBJECT, edge.get(id));
            assertTrue(edge.metric("edge_cache_ssd_chunks") > 0);
        }
    }

    @Test
    void aReadOnlyDiskIsDoneWithoutUntilItCanBeWritten() throws Exception {
        assertEquals(0, remount("size=64m,ro"));
        try (Edge edge = edge()) {
            String id = edge.publish(Publication.of(origin.uri(PATH)));
            assertWhole(OBJECT, edge.get(id));
            assertEquals(0, edge.metric("edge_cache_ssd_usable"));
            assertTrue(edge.readiness().contains("read-only"), edge.readiness());
            assertTrue(edge.log().contains("Mount something writable there"), "the cure is told");

            assertEquals(0, remount("rw"));
            awaitUsable(edge, 1);
            assertWhole(OBJECT, edge.get(id));
        }
    }

    /** It tries every few seconds. */
    private static void awaitUsable(Edge edge, int usable) throws IOException {
        await("it stays as it was", () -> edge.metric("edge_cache_ssd_usable") == usable);
    }
}
