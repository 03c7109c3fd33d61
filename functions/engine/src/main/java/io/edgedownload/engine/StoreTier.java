package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.Deadline;
import java.net.URI;
import java.time.Instant;

/** Loads a chunk from the S3 object that backs its download, through a presigned range. */
public final class StoreTier {
    private final ChunkFetch fetch;
    private final PresignedRanges presigned;

    public StoreTier(ChunkFetch fetch, PresignedRanges presigned) {
        this.fetch = fetch;
        this.presigned = presigned;
    }

    /** Brings what is missing of the chunk. There is no breaker: nobody else could be asked. */
    public Loaded load(Filling filling, S3Object object, Deadline deadline) throws InterruptedException {
        return switch (presigned.get(object, filling.rest())) {
            case Presigning.Presigned(URI uri, Instant expires) ->
                fetch.load(filling, new Place(Tier.S3, uri, new Validator(object.etag(), null), null), deadline);
            case Presigning.Failed(String reason) -> new Loaded.Unavailable(Failure.of(Kind.ACCESS, reason));
        };
    }
}
