package io.edgedownload.engine;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.AttemptListener.Watch;
import io.edgedownload.engine.HedgedRace.Finish;
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
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    Loaded load(Filling filling, Place place, Deadline deadline) throws InterruptedException {
        return load(filling, place, null, deadline).loaded();
    }

    /** As above, with a second request to another address when the first one is late. */
    Attempts load(Filling filling, Place place, @Nullable Hedge hedge, Deadline deadline) throws InterruptedException {
        boolean resumed = filling.part() != null;
        Attempts attempts = attempt(filling, place, hedge, deadline);
        if (resumed && isCorrupt(attempts.loaded())) {
            // Two answers that do not fit together convict neither; a whole one does.
            return attempt(filling, place, null, deadline);
        }
        return attempts;
    }

    private static boolean isCorrupt(Loaded loaded) {
        return loaded instanceof Loaded.Unavailable(Failure failure) && failure.kind() == Kind.INTEGRITY;
    }

    /** Tells of an attempt that is not made. */
    Loaded refuse(Filling filling, Place place, Failure failure) {
        Loaded refused = new Loaded.Unavailable(failure);
        tell(filling, place.uri(), refused, begin(filling, place, false), Course.NOT_BEGUN);
        return refused;
    }

    private Watch begin(Filling filling, Place place, boolean hedge) {
        return listener.begin(new Goal(
                filling.manifest().id(),
                place.tier(),
                "GET",
                place.uri(),
                filling.index() + 1,
                place.breaker(),
                hedge));
    }

    private Attempts attempt(Filling filling, Place place, @Nullable Hedge hedge, Deadline deadline)
            throws InterruptedException {
        Watch watch = begin(filling, place, false);
        FetchRun run = new FetchRun(filling, place, watch, new Attempt(watch.fields(), filling.holder()), deadline);
        if (hedge != null) {
            return hedged(run, hedge);
        }
        try {
            return Attempts.of(ended(run, fetcher.fetch(run.query(), run.attempt(), deadline)));
        } catch (InterruptedException | RuntimeException | Error e) {
            run.abandoned();
            throw e;
        }
    }

    private Attempts hedged(FetchRun first, Hedge hedge) throws InterruptedException {
        List<FetchRun> untold = new ArrayList<>(List.of(first));
        try {
            List<Finish> finishes = new HedgedRace(fetcher).run(first, hedge.after(), () -> {
                if (!hedge.mayBegin().getAsBoolean()) {
                    return null;
                }
                FetchRun second = first.elsewhere(begin(first.filling(), first.place(), true));
                untold.add(second);
                return second;
            });
            Finish decisive = decisive(finishes);
            List<Attempted> attempted = new ArrayList<>();
            for (Finish finish : finishes) {
                if (!finish.equals(decisive)) {
                    untold.remove(finish.run());
                    attempted.add(passedOver(finish));
                }
            }
            Attempted.Ended ended = ended(decisive.run(), Objects.requireNonNull(decisive.fetched()));
            attempted.add(ended);
            return new Attempts(attempted, ended);
        } catch (InterruptedException | RuntimeException | Error e) {
            untold.forEach(FetchRun::abandoned);
            throw e;
        }
    }

    /** The first that is complete; else one that leaves bytes behind; else the first that failed. */
    private static Finish decisive(List<Finish> finishes) {
        return Collections.min(finishes, Comparator.comparingInt(finish -> switch (finish.fetched()) {
            case Fetched.Complete _ -> 0;
            case Fetched.Broken _ -> 1;
            case Fetched.Failed _ -> 2;
            case null -> 3;
        }));
    }

    private static Attempted passedOver(Finish finish) {
        FetchRun run = finish.run();
        return switch (finish.fetched()) {
            case Fetched.Complete complete -> {
                complete.release();
                yield run.outrun();
            }
            case Fetched.Broken(ByteBuf part, Failure failure) -> {
                part.release();
                yield told(run, new Loaded.Unavailable(failure));
            }
            case Fetched.Failed(Failure failure) -> told(run, new Loaded.Unavailable(failure));
            case null -> run.outrun();
        };
    }

    private Attempted.Ended ended(FetchRun run, Fetched fetched) {
        Filling filling = run.filling();
        return told(
                run,
                switch (fetched) {
                    case Fetched.Complete(ByteBuf bytes, Timings timings) -> {
                        filling.forget();
                        yield verify(
                                filling.manifest(),
                                filling.index(),
                                run.place().tier(),
                                bytes,
                                timings,
                                run.deadline());
                    }
                    case Fetched.Broken(ByteBuf part, Failure failure) -> {
                        filling.keep(part);
                        yield new Loaded.Unavailable(failure);
                    }
                    case Fetched.Failed(Failure failure) -> new Loaded.Unavailable(failure);
                });
    }

    private static Attempted.Ended told(FetchRun run, Loaded loaded) {
        tell(run.filling(), run.place().uri(), loaded, run.watch(), run.course());
        return new Attempted.Ended(loaded, run.course());
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
