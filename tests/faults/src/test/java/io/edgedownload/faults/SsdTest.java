package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.BodyEnd;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks on disk, beside next to no memory; and what comes over the disk and the process. */
class SsdTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(97, 300_000);
    private static final int CHUNKS = 5;
    private static final String ON_SSD = "edge; hit; detail=ssd";

    private Path directory;
    private FaultOrigin origin;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        directory = folder;
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    private Edge edge() throws IOException, InterruptedException {
        return Edge.start(
                "ssd",
                Map.of(
                        "edge.cache.memory.max-size",
                        "0",
                        "edge.cache.ssd.directory",
                        directory.resolve("chunks").toString(),
                        "edge.cache.ssd.min-free",
                        "0",
                        "edge.catalog.directory",
                        directory.resolve("catalog").toString()));
    }

    private String fetched(Edge edge) throws IOException {
        String id = edge.publish(Publication.of(origin.uri(PATH)));
        assertWhole(OBJECT, edge.get(id));
        await("they are never written", () -> edge.metric("edge_cache_ssd_written_total") >= CHUNKS);
        return id;
    }

    private static void assertFromSsd(Edge edge, String id) throws IOException {
        RawResponse whole = edge.get(id);
        assertWhole(OBJECT, whole);
        assertEquals(ON_SSD, whole.field("Cache-Status").orElse("none"));
        RawResponse over = edge.part(id, 60_000, 250_000);
        assertPart(OBJECT, 60_000, 250_000, over);
        assertEquals(ON_SSD, over.field("Cache-Status").orElse("none"));
    }

    @Test
    void aRestartedProcessServesWhatTheLastOneKept() throws Exception {
        String id;
        try (Edge edge = edge()) {
            id = fetched(edge);
            assertFromSsd(edge, id);
        }
        origin.refuseConnections();
        try (Edge edge = edge()) {
            assertFromSsd(edge, id);
        }
    }

    @Test
    void soDoesOneAfterAKill() throws Exception {
        String id;
        try (Edge edge = edge()) {
            id = fetched(edge);
            edge.kill();
        }
        origin.refuseConnections();
        try (Edge edge = edge()) {
            assertFromSsd(edge, id);
        }
    }

    @Test
    void wrongBytesOnDiskReachNobody() throws Exception {
        String id;
        try (Edge edge = edge()) {
            id = fetched(edge);
        }
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[1_000] ^= 1;
            Files.write(file, bytes);
        }
        try (Edge edge = edge()) {
            assertWhole(OBJECT, edge.get(id));
            assertEquals(CHUNKS, edge.metric("edge_cache_ssd_bad_total"));
            assertTrue(edge.log().contains("is not what was written"), "it is told");
        }
    }

    @Test
    void aFileThatIsCutWhileItIsInUseIsFetchedAgain() throws Exception {
        try (Edge edge = edge()) {
            String id = fetched(edge);
            assertFromSsd(edge, id);
            for (Path file : files()) {
                try (FileChannel cutter = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    cutter.truncate(1_000);
                }
            }
            RawResponse cut = edge.part(id, 0, 60_000);
            assertInstanceOf(BodyEnd.Reset.class, cut.end(), "no end that looks like one");

            assertThrows(IOException.class, () -> overHttp2(edge, id, "bytes=240000-250000"), "nor over HTTP/2");

            assertPart(OBJECT, 0, 60_000, "origin", edge.part(id, 0, 60_000));
            assertPart(OBJECT, 240_000, 250_000, "origin", edge.part(id, 240_000, 250_000));
            // The look through the folder may find others.
            assertTrue(edge.metric("edge_cache_ssd_bad_total") >= 2);
            assertTrue(edge.log().contains("a chunk's file was cut while it was sent"), "it is told");
        }
    }

    @Test
    void severalRangesComeFromSeveralFiles() throws Exception {
        try (Edge edge = edge()) {
            String id = fetched(edge);
            origin.refuseConnections();
            RawResponse answer = edge.get(id, Map.of("Range", "bytes=0-9, 60000-140000, 299990-299999"));

            assertEquals(206, answer.status(), answer::toString);
            assertTrue(answer.isComplete(), answer::toString);
            assertEquals(ON_SSD, answer.field("Cache-Status").orElse("none"));
            assertHasParts(answer.body());

            HttpResponse<byte[]> same = overHttp2(edge, id, "bytes=0-9, 60000-140000, 299990-299999");
            assertEquals(206, same.statusCode());
            assertEquals(ON_SSD, same.headers().firstValue("Cache-Status").orElse("none"));
            assertHasParts(same.body());
        }
    }

    /** Over one connection that begins as HTTP/1.1 (RFC 7540 §3.2). */
    private static HttpResponse<byte[]> overHttp2(Edge edge, String id, String range)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(edge.uri(id)).header("Range", range).build();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            return answer;
        }
    }

    private static void assertHasParts(byte[] body) {
        for (int[] range : new int[][] {{0, 9}, {60_000, 140_000}, {299_990, 299_999}}) {
            byte[] part = OBJECT.slice(range[0], range[1]);
            String head = "Content-Range: bytes %d-%d/300000\r\n\r\n".formatted(range[0], range[1]);
            int at = indexOf(body, head.getBytes(StandardCharsets.US_ASCII)) + head.length();
            assertArrayEquals(part, Arrays.copyOfRange(body, at, at + part.length));
        }
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int at = 0; at <= in.length - what.length; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        throw new AssertionError("there is no " + new String(what, StandardCharsets.US_ASCII));
    }

    @Test
    void aFolderThatVanishesIsDoneWithout() throws Exception {
        try (Edge edge = edge()) {
            String id = fetched(edge);
            for (Path file : files()) {
                Files.delete(file);
            }
            assertWhole(OBJECT, edge.get(id));
        }
    }

    @Test
    void evictedIsEvicted() throws Exception {
        try (Edge edge = edge()) {
            String id = fetched(edge);
            assertEquals(204, edge.call("evict", id).status());

            assertEquals(List.of(), files());
            assertPart(OBJECT, 0, 1_000, "origin", edge.part(id, 0, 1_000));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("chunks").resolve("chunks"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
