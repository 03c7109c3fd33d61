package io.edgedownload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KnownManifestsTest {
    private static final Duration FRESHNESS = Duration.ofSeconds(5);
    private static final DownloadId ID = new DownloadId("id");

    private final ManualTicker ticker = new ManualTicker();
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(1), ticker);
    private final AtomicInteger lookups = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);

    private final List<String> log = new ArrayList<>();
    private final KnownManifests.Listener events = new KnownManifests.Listener() {
        @Override
        public void entered(DownloadId first, String reason) {
            log.add("entered " + first.value());
        }

        @Override
        public void left(DownloadId last) {
            log.add("left " + last.value());
        }
    };

    private Catalog directory = new DirectoryCatalog(Path.of("unset"));
    private KnownManifests known = new KnownManifests(directory, FRESHNESS, events, ticker);

    @TempDir
    Path folder = Path.of("unset");

    @BeforeEach
    void overAFolder() {
        directory = new DirectoryCatalog(folder);
        known = new KnownManifests(new Counting(), FRESHNESS, events, ticker);
        open.countDown();
    }

    @Test
    void asksTheCatalogOnceAFreshness() {
        Manifest first = manifest(1);
        directory.store(first, deadline);
        assertNull(known.fresh(ID));
        assertEquals(new Lookup.Found(first), known.find(ID, deadline));
        assertEquals(first, known.fresh(ID));
        Manifest second = manifest(2);
        directory.store(second, deadline);
        ticker.advance(FRESHNESS.minusNanos(1));
        assertEquals(new Lookup.Found(first), known.find(ID, deadline));
        ticker.advance(Duration.ofNanos(1));
        assertNull(known.fresh(ID));
        assertEquals(new Lookup.Found(second), known.find(ID, deadline));
        assertEquals(2, lookups.get());
    }

    @Test
    void whatIsStoredHereIsSeenAtOnce() {
        known.store(manifest(1), deadline);
        known.find(ID, deadline);
        known.store(manifest(2), deadline);
        assertNull(known.fresh(ID));
        assertEquals(new Lookup.Found(manifest(2)), known.find(ID, deadline));
    }

    @Test
    void anUnknownIdIsRememberedForTheFreshnessOnly() {
        assertEquals(new Lookup.Unknown(), known.find(ID, deadline));
        directory.store(manifest(1), deadline);
        assertEquals(new Lookup.Unknown(), known.find(ID, deadline));
        assertNull(known.fresh(ID));
        ticker.advance(FRESHNESS);
        assertEquals(new Lookup.Found(manifest(1)), known.find(ID, deadline));
        assertEquals(2, lookups.get());
    }

    @Test
    void manyCallersWaitForOneLookup() throws Exception {
        directory.store(manifest(1), deadline);
        CountDownLatch slow = new CountDownLatch(1);
        KnownManifests waiting = new KnownManifests(new Counting(slow), FRESHNESS, events, ticker);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Lookup>> callers = new ArrayList<>();
            for (int caller = 0; caller < 50; caller++) {
                callers.add(threads.submit(() -> waiting.find(ID, deadline)));
            }
            slow.countDown();
            for (Future<Lookup> caller : callers) {
                assertEquals(new Lookup.Found(manifest(1)), caller.get(10, TimeUnit.SECONDS));
            }
        }
        assertEquals(1, lookups.get());
    }

    @Test
    void whatTheCatalogCannotTellGoesOnAsStaleUntilItCan() throws IOException {
        Path file = folder.resolve("id.json");
        known.store(manifest(1), deadline);
        known.find(ID, deadline);
        Files.writeString(file, "broken");
        ticker.advance(FRESHNESS);
        assertEquals(new Lookup.Found(manifest(1)), known.find(ID, deadline));
        assertTrue(known.isStale(ID));
        assertEquals(manifest(1), known.fresh(ID), "nobody waits for the catalog in the meantime");
        ticker.advance(FRESHNESS);
        assertEquals(new Lookup.Found(manifest(1)), known.find(ID, deadline));
        assertEquals(List.of("entered id"), log);
        assertEquals(1, known.staleCount());
        directory.store(manifest(2), deadline);
        ticker.advance(FRESHNESS);
        assertEquals(new Lookup.Found(manifest(2)), known.find(ID, deadline));
        assertFalse(known.isStale(ID));
        assertEquals(List.of("entered id", "left id"), log);
    }

    @Test
    void anIdThatWasNeverKnownIsUnavailable() throws IOException {
        Files.writeString(folder.resolve("id.json"), "broken");
        assertInstanceOf(Lookup.Unavailable.class, known.find(ID, deadline));
        assertFalse(known.isStale(ID));
        assertEquals(List.of(), log);
    }

    @Test
    void whatWasTakenOutOfTheCatalogDoesNotGoOn() throws IOException {
        Path file = folder.resolve("id.json");
        known.store(manifest(1), deadline);
        known.find(ID, deadline);
        Files.delete(file);
        ticker.advance(FRESHNESS);
        assertEquals(new Lookup.Unknown(), known.find(ID, deadline));
        Files.writeString(file, "broken");
        ticker.advance(FRESHNESS);
        assertInstanceOf(Lookup.Unavailable.class, known.find(ID, deadline));
    }

    private static Manifest manifest(int number) {
        return Manifests.of(ID.value(), "g" + number, number, URI.create("http://origin.example/file"));
    }

    /** The folder, with every look-up counted and held until it may go on. */
    private final class Counting implements Catalog {
        private final CountDownLatch gate;

        Counting() {
            this(open);
        }

        Counting(CountDownLatch gate) {
            this.gate = gate;
        }

        @Override
        public Lookup find(DownloadId id, Deadline until) {
            lookups.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                return new Lookup.Unavailable("interrupted");
            }
            return directory.find(id, until);
        }

        @Override
        public Storing store(Manifest manifest, Deadline until) {
            return directory.store(manifest, until);
        }
    }
}
