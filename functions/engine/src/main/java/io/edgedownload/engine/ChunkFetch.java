package io.edgedownload.engine;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.AttemptListener.Watch;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Holder;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.fetch.Attempt;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Fetched;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.fetch.RangeQuery;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import org.jboss.logging.Logger;

/** One chunk from one place: fetch, then verify. */
public final class ChunkFetch {
    private static final Logger LOG = Logger.getLogger(ChunkFetch.class);

    private final Fetcher fetcher;
    private final Verifier verifier;
    private final AttemptListener listener;

    public ChunkFetch(Fetcher fetcher, Verifier verifier, AttemptListener listener) {
        this.fetcher = fetcher;
        this.verifier = verifier;
        this.listener = listener;
    }

    /** @param validator the state that the object must be in at this place */
    Loaded load(Manifest manifest, long index, Tier tier, URI uri, Validator validator, Deadline deadline)
            throws InterruptedException {
        Trust trust = tier == Tier.S3 ? Trust.OPERATOR : Trust.SOURCE;
        RangeQuery query = new RangeQuery(uri, trust, manifest.chunk(index), manifest.lengthBytes(), validator);
        Watch watch = listener.begin(new Goal(manifest.id(), tier, "GET", uri, index + 1));
        Attempt attempt =
                new Attempt(watch.fields(), new Holder("", manifest.id().value()));
        try {
            Loaded loaded = switch (fetcher.fetch(query, attempt, deadline)) {
                case Fetched.Complete(ByteBuf bytes, Timings timings) ->
                    verify(manifest, index, tier, bytes, timings, deadline);
                case Fetched.Failed(Failure failure) -> new Loaded.Unavailable(failure);
            };
            tell(manifest, index, uri, loaded, watch, attempt.course());
            return loaded;
        } catch (InterruptedException | RuntimeException | Error e) {
            watch.abandoned(attempt.course());
            throw e;
        }
    }

    private Loaded verify(Manifest manifest, long index, Tier tier, ByteBuf bytes, Timings timings, Deadline deadline) {
        long startNanos = deadline.ticker().nanos();
        return switch (verifier.verify(bytes, manifest.chunkSha256(index))) {
            case Verification.Verified(VerifiedChunk chunk) ->
                new Loaded.Ready(
                        chunk, tier, timings.withVerifyNanos(deadline.ticker().nanos() - startNanos));
            case Verification.Corrupt(String expected, String actual) ->
                new Loaded.Unavailable(Failure.of(Kind.INTEGRITY, "SHA-256 is " + actual + " instead of " + expected));
        };
    }

    private static void tell(Manifest manifest, long index, URI uri, Loaded loaded, Watch watch, Course course) {
        switch (loaded) {
            case Loaded.Ready ready ->
                watch.delivered(ready.chunk().lengthBytes(), course.withTimings(ready.timings()));
            case Loaded.Unavailable(Failure failure) -> {
                // Without the query, which may hold a signature.
                LOG.warnf(
                        "%s chunk %d of %s from %s://%s%s: %s",
                        failure.kind(),
                        index + 1,
                        manifest.id().value(),
                        uri.getScheme(),
                        uri.getRawAuthority(),
                        uri.getRawPath(),
                        failure.detail());
                watch.failed(failure, course);
            }
        }
    }
}
