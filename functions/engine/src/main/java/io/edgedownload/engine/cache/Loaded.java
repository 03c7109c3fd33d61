package io.edgedownload.engine.cache;

import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.verify.MemoryChunk;

/** What a load brought. */
public sealed interface Loaded {
    /** Where a chunk came from. */
    enum Tier {
        ORIGIN,
        /** The object that backs the download. */
        S3,
        /** Chunks in S3 that instances store for each other. */
        SHARED
    }

    /** The one reference to the chunk is the receiver's. */
    record Ready(MemoryChunk chunk, Tier tier, Timings timings) implements Loaded {}

    record Unavailable(Failure failure) implements Loaded {}
}
