package io.edgedownload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BoundedCatalogTest {
    private static final DownloadId ID = new DownloadId("id");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final Catalog catalog = new BoundedCatalog(new Slow(asked, answers), 1, PATIENCE);

    /** Answers when it is told to. */
    private record Slow(CountDownLatch asked, CountDownLatch answers) implements Catalog {
        @Override
        public Lookup find(DownloadId id, Deadline deadline) {
            asked.countDown();
            try {
                assertTrue(answers.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return new Lookup.Unknown();
        }

        @Override
        public Storing store(Manifest manifest, Deadline deadline) {
            return new Storing.Created();
        }
    }

    @Test
    void whoFindsNoPlaceByItsDeadlineIsToldSo() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Lookup> first = threads.submit(() -> catalog.find(ID, soon()));
            assertTrue(asked.await(30, TimeUnit.SECONDS));

            Lookup refused = catalog.find(ID, Deadline.after(Duration.ZERO, new ManualTicker()));
            String reason = assertInstanceOf(Lookup.Unavailable.class, refused).reason();
            assertTrue(reason.contains("edge.catalog.max-lookups"), reason);
            assertEquals(new Storing.Created(), catalog.store(Manifests.full("id"), soon()), "stores are not bounded");

            Future<Lookup> waiting = threads.submit(() -> catalog.find(ID, soon()));
            answers.countDown();
            assertEquals(new Lookup.Unknown(), first.get());
            assertEquals(new Lookup.Unknown(), waiting.get(), "it waited for the place");
        }
    }

    private static Deadline soon() {
        return Deadline.after(PATIENCE, Ticker.system());
    }
}
