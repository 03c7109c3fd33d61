package io.edgedownload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every catalog does. */
public interface CatalogContract {
    URI SOURCE = URI.create("http://origin.example/file");

    /** Another instance's view of the one catalog that this test has; empty before the test. */
    Catalog instance();

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Ticker.system());
    }

    @Test
    default void anIdThatNobodyStoredIsUnknown() {
        assertEquals(new Lookup.Unknown(), instance().find(new DownloadId("nobody"), soon()));
    }

    @Test
    default void anotherInstanceFindsWhatWasStored() {
        Catalog one = instance();
        Catalog other = instance();
        Manifest first = Manifests.full("a/b/c~d_e-f.g");
        assertEquals(new Storing.Created(), one.store(first, soon()));
        assertEquals(new Lookup.Found(first), other.find(first.id(), soon()));
        assertEquals(new Lookup.Found(first), other.find(first.id(), soon()));
        Manifest second = Manifests.of(first.id().value(), "g-2", 5, SOURCE);
        assertEquals(new Storing.Replaced(), other.store(second, soon()));
        assertEquals(new Lookup.Found(second), one.find(first.id(), soon()));
        assertEquals(new Lookup.Found(second), other.find(first.id(), soon()));
        Manifest third = Manifests.of(first.id().value(), "g-3", 6, SOURCE);
        assertEquals(new Storing.Replaced(), one.store(third, soon()));
        assertEquals(new Lookup.Found(third), other.find(first.id(), soon()));
    }

    @Test
    default void idsThatBeginAlikeAreDifferent() {
        Catalog catalog = instance();
        List<String> ids = List.of("a", "a/b", "a.b", "a.json", "A", "x".repeat(200));
        for (String id : ids) {
            assertEquals(new Storing.Created(), catalog.store(Manifests.full(id), soon()), id);
        }
        for (String id : ids) {
            assertEquals(new Lookup.Found(Manifests.full(id)), catalog.find(new DownloadId(id), soon()), id);
        }
    }

    @Test
    default void ofManyStoresAtOnceOneIsFoundAndItWasStored() throws Exception {
        List<Future<Storing>> stores = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < 8; number++) {
                Manifest manifest = Manifests.of("contested", "g" + number, number, SOURCE);
                Catalog catalog = instance();
                stores.add(threads.submit(() -> catalog.store(manifest, soon())));
            }
        }
        Lookup found = instance().find(new DownloadId("contested"), soon());
        int winner =
                (int) assertInstanceOf(Lookup.Found.class, found).manifest().lengthBytes();
        assertTrue(stored(stores.get(winner).get(1, TimeUnit.SECONDS)), "the one that is found");
        int created = 0;
        for (Future<Storing> each : stores) {
            created += each.get() instanceof Storing.Created ? 1 : 0;
        }
        assertEquals(1, created, () -> "those that came later replaced it, or were told of a conflict: " + stores);
    }

    private static boolean stored(Storing storing) {
        return switch (storing) {
            case Storing.Created _, Storing.Replaced _ -> true;
            case Storing.Conflict _, Storing.Failed _ -> false;
        };
    }
}
