package io.edgedownload.engine.cache;

import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.verify.VerifiedChunk;

/** What a caller of the cache gets. */
public sealed interface Obtained {
    /** A chunk with a reference that is the caller's to release. */
    record Held(VerifiedChunk chunk, Way way) implements Obtained {}

    record Unavailable(Failure failure) implements Obtained {}

    /** How a chunk was come by. */
    sealed interface Way {
        /** It was in memory. */
        record Hit() implements Way {}

        /**
         * It had to be loaded.
         *
         * @param collapsed whether the load was another caller's, which this one joined (RFC 9211 §2.7)
         */
        record Miss(Loaded.Tier tier, Timings timings, boolean collapsed) implements Way {}
    }
}
