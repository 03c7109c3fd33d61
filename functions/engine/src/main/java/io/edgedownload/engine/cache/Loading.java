package io.edgedownload.engine.cache;

import io.edgedownload.engine.fetch.Failure;

/** Loads one chunk. Runs on a virtual thread and may block until the deadline of the caller that it was made for. */
public interface Loading {
    Loaded load() throws InterruptedException;

    /**
     * Whether this load could succeed where {@code failed} did not, because it may go further or is somebody else's. A caller that joined a load
     * which failed then begins its own.
     */
    boolean goesFurtherThan(Loading failed, Failure failure);
}
