package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.AttemptLog.Ended;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Probed;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener learns of attempts at a real origin, and what it makes them send. */
final class AttemptListenerTest {
    private static final HostedObject OBJECT = HostedObject.random(1, 70_000);
    private static final int FIRST_CHUNK_BYTES = 64 << 10;

    private final Deadline deadline = Deadline.after(Duration.ofSeconds(20), Ticker.system());
    private final Loopback loopback = new Loopback();
    private final AttemptLog log = new AttemptLog();
    private final OriginTier tier = loopback.originTier(log);
    private final FaultOrigin origin;

    AttemptListenerTest() throws IOException {
        origin = FaultOrigin.start().serve("/file", OBJECT).serve("/other", OBJECT);
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
        origin.close();
    }

    @Test
    void anAttemptIsForAChunkAtASource() throws Exception {
        origin.on("/file").always(new Fault.Status(500));
        load(1, origin.uri("/file"), origin.uri("/other"));

        DownloadId id = new DownloadId("file");
        assertEquals(
                List.of(
                        new Goal(id, Tier.ORIGIN, "GET", origin.uri("/file"), 2, Status.CLOSED),
                        new Goal(id, Tier.ORIGIN, "GET", origin.uri("/other"), 2, Status.CLOSED)),
                log.begun());
    }

    @Test
    void theSourceSeesTheFieldsOfItsOwnAttempt() throws Exception {
        origin.on("/file").always(new Fault.Status(500));
        load(0, origin.uri("/file"), origin.uri("/other"));

        assertEquals(List.of("1"), attemptsSeen("/file"));
        assertEquals(List.of("2"), attemptsSeen("/other"));
    }

    @Test
    void aRedirectTakesTheFieldsAlongAndCountsAsARequest() throws Exception {
        origin.on("/file").always(new Fault.RedirectTo("/other"));
        load(0, origin.uri("/file"));

        assertEquals(List.of("1"), attemptsSeen("/other"));
        assertEquals(2, delivered().course().requests());
    }

    @Test
    void whatWasDeliveredHasItsWholeCourse() throws Exception {
        load(0, origin.uri("/file"));

        Ended.Delivered delivered = delivered();
        Course course = delivered.course();
        assertEquals(FIRST_CHUNK_BYTES, delivered.lengthBytes());
        assertEquals(InetAddress.ofLiteral("127.0.0.1"), course.address());
        assertFalse(course.reused());
        assertEquals(206, course.status());
        assertEquals(1, course.requests());
        assertTrue(course.timings().connectNanos() > 0, course::toString);
        assertEquals(0, course.timings().waitNanos());
        assertTrue(course.timings().firstByteNanos() > 0, course::toString);
        assertTrue(course.timings().verifyNanos() > 0, course::toString);
    }

    @Test
    void aReusedConnectionIsWaitedForInsteadOfMade() throws Exception {
        for (int turn = 0; turn < 8; turn++) {
            load(0, origin.uri("/file"));
        }

        // Not always the second one: an answer is handed over a moment before its connection is back in the pool.
        Course reused = log.ended().stream()
                .map(end -> assertInstanceOf(Ended.Delivered.class, end).course())
                .filter(Course::reused)
                .findFirst()
                .orElseThrow();
        assertTrue(reused.timings().waitNanos() > 0, reused::toString);
        assertEquals(0, reused.timings().connectNanos());
    }

    @Test
    void aFailureKnowsHowFarItCame() throws Exception {
        origin.on("/file").always(new Fault.Status(503));
        load(0, origin.uri("/file"));

        Ended.Failed failed = assertInstanceOf(Ended.Failed.class, log.ended().getFirst());
        assertEquals(Kind.BUSY, failed.failure().kind());
        assertEquals(503, failed.course().status());
        assertTrue(failed.course().timings().firstByteNanos() > 0, failed::toString);
    }

    @Test
    void aRefusedConnectionHasNoAnswer() throws Exception {
        origin.refuseConnections();
        load(0, origin.uri("/file"));

        Course course =
                assertInstanceOf(Ended.Failed.class, log.ended().getFirst()).course();
        assertNull(course.address());
        assertEquals(0, course.status());
        assertEquals(0, course.requests());
        assertTrue(course.timings().connectNanos() > 0, course::toString);
    }

    @Test
    void anInterruptedAttemptIsAbandoned() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> load(0, origin.uri("/file")));
        assertInstanceOf(Ended.Abandoned.class, log.ended().getFirst());
        assertEquals(1, log.ended().size());
    }

    @Test
    void probesAreAttemptsWithoutAChunk() throws Exception {
        DownloadId id = new DownloadId("file");
        URI uri = origin.uri("/file");
        assertInstanceOf(Probed.Present.class, new Probes(loopback.fetcher(), log).source(id, uri, deadline));

        assertEquals(
                List.of(
                        new Goal(id, Tier.ORIGIN, "HEAD", uri, 0, null),
                        new Goal(id, Tier.ORIGIN, "GET", uri, 0, null)),
                log.begun());
        assertTrue(log.begun().getFirst().isProbe());
        assertEquals(List.of("1", "2"), attemptsSeen("/file"));
    }

    @Test
    void aProbeThatFailsSaysSo() throws Exception {
        origin.on("/file").always(new Fault.Status(404));
        assertInstanceOf(
                Probed.Failed.class,
                new Probes(loopback.fetcher(), log).source(new DownloadId("file"), origin.uri("/file"), deadline));
        assertEquals(List.of(Kind.MISSING, Kind.MISSING), log.failed());
    }

    private void load(long index, URI... sources) throws InterruptedException {
        Loaded loaded;
        try (Filling filling = new Filling(Manifests.of("file", "g1", OBJECT.lengthBytes(), sources), index, "")) {
            loaded = tier.load(filling, false, deadline);
        }
        if (loaded instanceof Loaded.Ready ready) {
            ready.chunk().release();
        }
    }

    private Ended.Delivered delivered() {
        return assertInstanceOf(Ended.Delivered.class, log.ended().getLast());
    }

    private List<String> attemptsSeen(String path) {
        return origin.requests(path).stream()
                .map((OriginRequest request) ->
                        request.fields().first(AttemptLog.FIELD).orElse("none"))
                .toList();
    }
}
