package io.edgedownload.engine.catalog;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A catalog that is asked so many times at once at most: when it is slow, a flood of ids that nobody knows yet must not hold a
 * connection and a document each. Who finds no place in time is told that the catalog cannot tell.
 */
public final class BoundedCatalog implements Catalog {
    private final Catalog catalog;
    private final Semaphore places;
    private final int allPlaces;
    private final Duration patience;

    /**
     * @param places look-ups at once
     * @param patience the longest wait for a place, whatever is left of the deadline
     */
    public BoundedCatalog(Catalog catalog, int places, Duration patience) {
        this.catalog = catalog;
        this.places = new Semaphore(places, true);
        this.allPlaces = places;
        this.patience = patience;
    }

    @Override
    public Lookup find(DownloadId id, Deadline deadline) {
        try {
            if (!places.tryAcquire(deadline.within(patience).remainingNanos(), TimeUnit.NANOSECONDS)) {
                return new Lookup.Unavailable(
                        allPlaces + " look-ups are under way (edge.catalog.max-lookups), and none ended in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Lookup.Unavailable("interrupted");
        }
        try {
            return catalog.find(id, deadline);
        } finally {
            places.release();
        }
    }

    /** Not bounded: it is the administrator who stores. */
    @Override
    public Storing store(Manifest manifest, Deadline deadline) {
        return catalog.store(manifest, deadline);
    }
}
