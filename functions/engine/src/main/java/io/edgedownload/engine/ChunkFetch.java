package io.edgedownload.engine;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.AttemptListener.Watch;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Attempt;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Fetched;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.fetch.Layer;
import io.edgedownload.engine.fetch.RangeQuery;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verification;
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

    /** Brings what is missing of the chunk. What comes before an answer breaks off stays with the filling. */
    Attempted load(Filling filling, Place place, Deadline deadline) throws InterruptedException {
        boolean resumed = filling.part() != null;
        Attempted attempted = attempt(filling, place, deadline);
        if (resumed && isCorrupt(attempted.loaded())) {
            // Two answers that do not fit together convict neither; a whole one does.
            return attempt(filling, place, deadline);
        }
        return attempted;
    }

    private static boolean isCorrupt(Loaded loaded) {
        return loaded instanceof Loaded.Unavailable(Failure failure) && failure.kind() == Kind.INTEGRITY;
    }

    /** Tells of an attempt that is not made. */
    Loaded refuse(Filling filling, Place place, Failure failure) {
        Loaded refused = new Loaded.Unavailable(failure);
        tell(filling, place.uri(), refused, begin(filling, place), Course.NOT_BEGUN);
        return refused;
    }

    private Watch begin(Filling filling, Place place) {
        return listener.begin(new Goal(
                filling.manifest().id(), place.tier(), "GET", place.uri(), filling.index() + 1, place.breaker()));
    }

    private Attempted attempt(Filling filling, Place place, Deadline deadline) throws InterruptedException {
        Manifest manifest = filling.manifest();
        RangeQuery query = new RangeQuery(
                place.uri(), place.trust(), filling.range(), manifest.lengthBytes(), place.validator(), filling.part());
        Watch watch = begin(filling, place);
        Attempt attempt = new Attempt(watch.fields(), filling.holder());
        try {
            Loaded loaded = switch (fetcher.fetch(query, attempt, deadline)) {
                case Fetched.Complete(ByteBuf bytes, Timings timings) -> {
                    filling.forget();
                    yield verify(manifest, filling.index(), place.tier(), bytes, timings, deadline);
                }
                case Fetched.Broken(ByteBuf part, Failure failure) -> {
                    filling.keep(part);
                    yield new Loaded.Unavailable(failure);
                }
                case Fetched.Failed(Failure failure) -> new Loaded.Unavailable(failure);
            };
            tell(filling, place.uri(), loaded, watch, attempt.course());
            return new Attempted(loaded, attempt.course());
        } catch (InterruptedException | RuntimeException | Error e) {
            watch.abandoned(attempt.course());
            throw e;
        }
    }

    private Loaded verify(Manifest manifest, long index, Tier tier, ByteBuf bytes, Timings timings, Deadline deadline) {
        long startNanos = deadline.ticker().nanos();
        return switch (verifier.verify(bytes, manifest.chunkSha256(index))) {
            case Verification.Verified(MemoryChunk chunk) ->
                new Loaded.Ready(
                        chunk, tier, timings.withVerifyNanos(deadline.ticker().nanos() - startNanos));
            case Verification.Corrupt(String expected, String actual) ->
                new Loaded.Unavailable(Failure.of(Kind.INTEGRITY, "SHA-256 is " + actual + " instead of " + expected)
                        .in(Layer.VERIFY));
        };
    }

    private static void tell(Filling filling, URI uri, Loaded loaded, Watch watch, Course course) {
        switch (loaded) {
            case Loaded.Ready ready ->
                watch.delivered(ready.chunk().lengthBytes(), course.withTimings(ready.timings()));
            case Loaded.Unavailable(Failure failure) -> {
                // Without the query, which may hold a signature.
                LOG.warnf(
                        "%s chunk %d of %s from %s://%s%s: %s",
                        failure.kind(),
                        filling.index() + 1,
                        filling.manifest().id().value(),
                        uri.getScheme(),
                        uri.getRawAuthority(),
                        uri.getRawPath(),
                        failure.detail());
                watch.failed(failure, course);
            }
        }
    }
}
