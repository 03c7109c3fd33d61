package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances that share nothing but a bucket. */
class SharedChunksTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(95, 300_000);
    private static final int CHUNKS = 5;
    private static final Map<String, String> FILLING =
            Map.of("edge.s3.fill", "true", "edge.s3.fill-bucket", LocalS3.BUCKET);

    private static Edge one;
    private static Edge other;

    private FaultOrigin origin;
    private String id;
    private double storedBefore;

    @BeforeAll
    static void startEdges() throws Exception {
        one = Edge.start("shared-one", FILLING);
        other = Edge.start("shared-other", with("edge.s3.endpoint", one.storeEndpoint()));
    }

    @AfterAll
    static void stopEdges() {
        other.close();
        one.close();
    }

    @BeforeEach
    void start() throws Exception {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        id = Edge.newId();
        storedBefore = stored();
        Publication publication = Publication.of(origin.uri(PATH));
        assertEquals(201, one.publish(id, publication).status());
        assertEquals(201, other.publish(id, publication).status());
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> settings = new HashMap<>(FILLING);
        settings.put(key, value);
        return settings;
    }

    @Test
    void whatOneFetchedTheOtherHasWithoutTheOrigin() throws Exception {
        assertWhole(OBJECT, one.get(id));
        awaitStored();
        origin.refuseConnections();

        RawResponse shared = other.get(id);
        assertWhole(OBJECT, shared);
        assertTrue(shared.field("Cache-Status").orElse("none").contains("detail=s3"), shared::toString);
        assertEquals(storedBefore + CHUNKS, stored(), "it is there already");
    }

    @Test
    void eachChunkIsStoredOnceHoweverManyFetchIt() throws Exception {
        Thread meanwhile = Thread.startVirtualThread(() -> {
            try {
                assertWhole(OBJECT, one.get(id));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertWhole(OBJECT, other.get(id));
        meanwhile.join();
        awaitStored();

        assertEquals(storedBefore + CHUNKS, stored());
        assertEquals(0, fill(one, "failed") + fill(other, "failed"));
    }

    @Test
    void aStoredChunkThatWentBadIsFetchedFromTheOrigin() throws Exception {
        assertWhole(OBJECT, one.get(id));
        awaitStored();
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[100] ^= 1;
            Files.write(file, bytes);
        }

        assertPart(OBJECT, 0, 99_999, "origin", other.part(id, 0, 99_999));
        assertTrue(other.log().contains("has other bytes than were stored"), "it is told");
    }

    @Test
    void aStoreThatIsGoneHoldsUpNobody() throws Exception {
        try (Edge alone = Edge.start("shared-alone", with("edge.s3.fill-lookup-timeout", "300ms"))) {
            alone.loseStore();
            assertEquals(
                    201, alone.publish(id, Publication.of(origin.uri(PATH))).status());

            assertPart(OBJECT, 0, 99_999, "origin", alone.part(id, 0, 99_999));
            assertWhole(OBJECT, alone.get(id));
        }
    }

    /** Both together have stored all of it; they do so behind the answers. */
    private void awaitStored() throws IOException {
        await("they are never stored", () -> stored() >= storedBefore + CHUNKS);
    }

    private static double stored() throws IOException {
        return fill(one, "stored") + fill(other, "stored");
    }

    private static double fill(Edge edge, String outcome) throws IOException {
        return edge.metric("edge_s3_fill_total{outcome=\"" + outcome + "\"}");
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(one.storeDirectory().resolve("chunks"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
