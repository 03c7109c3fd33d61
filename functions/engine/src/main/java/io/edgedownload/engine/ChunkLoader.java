package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.time.Deadline;

/** Loads a chunk that is in no cache: from the origin's sources and, if allowed, from S3 after them. */
public interface ChunkLoader {
    /** How far to go. */
    enum Reach {
        /** To the origin's sources: the caller can be sent to S3 itself. */
        ORIGIN,
        /** To S3 when the sources fail. */
        S3
    }

    /**
     * This loader for what the caller of this method asks for, however later and on whichever thread it is loaded: what was done
     * for whom can then be told.
     */
    default ChunkLoader forCaller() {
        return this;
    }

    /**
     * Blocks until the chunk is there, has failed everywhere, or the deadline has passed.
     *
     * @param index of the chunk, counted from 0
     * @param tenant who it is loaded for, empty when that is nobody in particular
     */
    Loaded load(Manifest manifest, long index, Reach reach, String tenant, Deadline deadline)
            throws InterruptedException;
}
