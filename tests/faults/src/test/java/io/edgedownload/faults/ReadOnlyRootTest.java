package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.local.EdgeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * As in a container with a read-only root, a user of its own and one writable mount: the process has a mount namespace where
 * nothing can be written but a memory file system. That takes root to make.
 */
class ReadOnlyRootTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(89, 300_000);
    private static final String UID = "1001";
    private static final List<String> AS_USER = List.of("setpriv", "--reuid", UID, "--regid", UID, "--clear-groups");

    /** There on every Debian, and only in the namespace something else. */
    private static final String WRITABLE = "/mnt";

    private static final String READ_ONLY_ROOT = "mount -o remount,bind,ro / && mount -t tmpfs -o size=64m,uid=" + UID
            + " none " + WRITABLE + " && exec \"$@\"";

    private FaultOrigin origin;

    @BeforeEach
    void start() throws Exception {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        assumeTrue(
                run("unshare", "--mount", "--propagation", "private", "sh", "-c", READ_ONLY_ROOT, "sh", "true") == 0,
                "SKIPPED: a mount namespace can be made by root only");
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void withoutAWritableDirectoryItServesFromMemoryAndSaysWhatToDo() throws Exception {
        try (Edge edge = edge("/chunks-of-a-test")) {
            String id = edge.publish(Publication.of(origin.uri(PATH)));
            assertWhole(OBJECT, edge.get(id));
            origin.refuseConnections();
            assertWhole(OBJECT, edge.get(id));
            assertEquals(0, edge.metric("edge_cache_ssd_usable"));
            assertTrue(edge.readiness().contains("\"ssd\": \"read-only\""), edge.readiness());
            assertTrue(
                    edge.log().contains("edge.cache.ssd.directory /chunks-of-a-test cannot be used by uid"),
                    edge.log());
        }
    }

    @Test
    void aWritableMountIsUsed() throws Exception {
        try (Edge edge = edge(WRITABLE + "/chunks")) {
            String id = edge.publish(Publication.of(origin.uri(PATH)));
            assertWhole(OBJECT, edge.get(id));
            assertEquals(1, edge.metric("edge_cache_ssd_usable"));
            assertTrue(edge.readiness().contains("\"ssd\": \"used\""), edge.readiness());
        }
    }

    private static Edge edge(String chunks) throws IOException, InterruptedException {
        List<String> wrapper = new ArrayList<>(
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", READ_ONLY_ROOT, "sh"));
        // Not where this project lies in a folder that only its owner may enter.
        if (canReadAsUser(EdgeProcess.runnerInProject())) {
            wrapper.addAll(AS_USER);
        }
        return Edge.start(
                "read-only-root",
                Map.of(
                        "edge.cache.ssd.directory",
                        chunks,
                        // What is mounted is small.
                        "edge.cache.ssd.min-free",
                        "0",
                        "edge.catalog.directory",
                        WRITABLE + "/catalog",
                        // Not writable, whatever else is mounted on this machine.
                        "java.io.tmpdir",
                        "/no-folder-for-temporary-files"),
                Map.of(),
                wrapper);
    }

    private static boolean canReadAsUser(Path file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(AS_USER);
        command.addAll(List.of("test", "-r", file.toString()));
        return run(command.toArray(String[]::new)) == 0;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
