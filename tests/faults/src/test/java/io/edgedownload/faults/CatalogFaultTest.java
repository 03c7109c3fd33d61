package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.local.LocalS3;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances whose catalog is a bucket at the far end of a link that falls sick. */
class CatalogFaultTest {
    private static final HostedObject OBJECT = HostedObject.random(96, 100_000);
    private static final HostedObject OTHER = HostedObject.random(97, 90_000);
    private static final String SECRET = "catalog-tests-secret-access-key";

    /** What the link does with a request, by its first line. */
    private interface Weather {
        Weather FINE = line -> {};

        void befall(String line);
    }

    @TempDir
    private static Path directory;

    private static final AtomicReference<Weather> WEATHER = new AtomicReference<>(Weather.FINE);
    private static volatile boolean isCut;

    private static LocalS3 s3;
    private static WeakLink link;
    private static Edge patient;
    private static Edge hasty;

    private final CountDownLatch over = new CountDownLatch(1);
    private FaultOrigin origin;

    @BeforeAll
    static void startEdges() throws Exception {
        s3 = LocalS3.start(directory.resolve("s3"), 0, SECRET);
        link = WeakLink.start(s3.endpoint(), CatalogFaultTest::fate);
        patient = Edge.start("catalog-patient", settings("20s"));
        hasty = Edge.start("catalog-hasty", settings("2s"));
    }

    private static WeakLink.Fate fate(int request) {
        WEATHER.get().befall(link.requests().get(request - 1));
        return isCut ? new WeakLink.Fate.CutAfter(0) : new WeakLink.Fate.Whole();
    }

    private static Map<String, String> settings(String timeout) {
        Map<String, String> settings = new HashMap<>();
        settings.put("edge.catalog.type", "s3");
        settings.put("edge.catalog.s3.bucket", LocalS3.BUCKET);
        settings.put("edge.catalog.freshness", "0s");
        settings.put("edge.catalog.timeout", timeout);
        settings.put("edge.fetch.attempt-timeout", timeout);
        settings.put("edge.fetch.progress-window", timeout);
        settings.put("edge.deadline.total", "60s");
        settings.put(
                "edge.s3.endpoint",
                link.uri(URI.create("http://s3/")).resolve("/").toString());
        settings.put("edge.s3.secret-access-key", SECRET);
        return settings;
    }

    @AfterAll
    static void stopEdges() throws IOException {
        hasty.close();
        patient.close();
        link.close();
        s3.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve("/one", OBJECT).serve("/other", OTHER);
    }

    @AfterEach
    void stop() throws IOException {
        WEATHER.set(Weather.FINE);
        isCut = false;
        over.countDown();
        origin.close();
    }

    @Test
    void aSlowCatalogIsStaleForWhatIsKnownAndRefusesTheRest() throws Exception {
        String id = patient.publish(Publication.of(origin.uri("/one")));
        String unknown = patient.publish(Publication.of(origin.uri("/other")));
        await("it never knew", () -> hasty.get(id).status() == 200);

        WEATHER.set(_ -> pass(over));
        RawResponse stale = hasty.part(id, 10, 20);
        assertPart(OBJECT, 10, 20, stale);
        assertEquals(
                "edge; fwd=stale; detail=memory", stale.field("Cache-Status").orElse("none"));
        assertEquals(1, hasty.metric("edge_catalog_stale_downloads"));
        assertProblem(503, Set.of("catalog-unavailable"), hasty.get(unknown));
        assertTrue(hasty.log().contains("the catalog cannot be read"), "the begin is told");

        over.countDown();
        await("it stays away", () -> hasty.get(unknown).status() == 200);
    }

    @Test
    void aCatalogThatIsDownAtTheStartIsWaitedFor() throws Exception {
        String id = patient.publish(Publication.of(origin.uri("/one")));
        isCut = true;
        try (Edge late = Edge.start("catalog-late", settings("2s"))) {
            assertProblem(503, Set.of("catalog-unavailable"), late.get(id));
            assertProblem(503, Set.of("catalog-unavailable"), late.get("never-published"));

            isCut = false;
            await("it stays away", () -> late.get(id).status() == 200);
            assertWhole(OBJECT, late.get(id));
            assertProblem(404, Set.of("unknown-id"), late.get("never-published"));
        }
    }

    @Test
    void ofTwoThatPublishAtOnceOneIsTold() throws Exception {
        String id = Edge.newId();
        var held = new CountDownLatch(1);
        WEATHER.set(line -> {
            if (line.startsWith("PUT ") && held.getCount() > 0) {
                held.countDown();
                pass(over);
            }
        });
        CompletableFuture<RawResponse> slower = CompletableFuture.supplyAsync(() -> published(patient, id, "/one"));
        pass(held);
        await("it was never published", () -> published(hasty, id, "/other").status() < 300);
        over.countDown();

        assertProblem(409, Set.of("publish-conflict"), slower.get(1, TimeUnit.MINUTES));
        assertWhole(OTHER, patient.get(id));
        assertWhole(OTHER, hasty.get(id));
    }

    private RawResponse published(Edge edge, String id, String path) {
        try {
            return edge.publish(id, Publication.of(origin.uri(path)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertTrue(latch.await(1, TimeUnit.MINUTES), "in time");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
