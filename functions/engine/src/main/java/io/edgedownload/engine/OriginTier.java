package io.edgedownload.engine;

import io.edgedownload.engine.breaker.Admission;
import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.breaker.Permit;
import io.edgedownload.engine.breaker.RetryBudget;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads a chunk from the sources of its manifest, in their order; each that fails is left for the next. A source whose origin's
 * breaker is open is not asked, one that lied is asked last, and an origin that has failed this load is asked again only as
 * long as the budget of retries lasts and the rest can come in time. One that asked to be left alone is.
 */
public final class OriginTier {
    private final ChunkFetch fetch;
    private final Breakers breakers;
    private final RetryBudget retries;
    private final Quarantine quarantine;
    private final Duration minimumAttempt;
    private final boolean hedging;
    private final Pauses pauses;

    /**
     * @param retries what may be asked of origins again, for all loads together
     * @param minimumAttempt the least time that an attempt is begun with
     * @param hedging whether another address is asked too when an answer has not begun by the P95 of its origin
     */
    public OriginTier(
            ChunkFetch fetch,
            Breakers breakers,
            RetryBudget retries,
            Quarantine quarantine,
            Duration minimumAttempt,
            boolean hedging,
            Ticker ticker) {
        this.fetch = fetch;
        this.breakers = breakers;
        this.retries = retries;
        this.quarantine = quarantine;
        this.minimumAttempt = minimumAttempt;
        this.hedging = hedging;
        this.pauses = new Pauses(ticker);
    }

    /**
     * One round through the sources.
     *
     * @param followed whether somebody else can be asked when they all fail
     */
    public Loaded load(Filling filling, boolean followed, Deadline deadline) throws InterruptedException {
        if (!filling.hasBegun()) {
            retries.requestBegan();
        }
        for (Source source : inOrder(filling.manifest().sources(), followed)) {
            if (!deadline.allows(minimumAttempt)) {
                filling.failed(Failure.of(Kind.TIMEOUT, "no time is left for another source"));
                break;
            }
            switch (loadIfWell(filling, source, deadline)) {
                case Loaded.Ready ready -> {
                    return ready;
                }
                case Loaded.Unavailable(Failure failure) -> filling.failed(failure);
            }
        }
        return new Loaded.Unavailable(Objects.requireNonNullElseGet(
                filling.failure(), () -> Failure.of(Kind.LIED, "all sources have lied a short time ago")));
    }

    /** Those that have lied come last, and not at all when somebody else follows. */
    private List<Source> inOrder(List<Source> sources, boolean followed) {
        Stream<Source> honest = sources.stream().filter(source -> !quarantine.holds(source));
        Stream<Source> others = followed ? Stream.of() : sources.stream().filter(quarantine::holds);
        return Stream.concat(honest, others).toList();
    }

    private Loaded loadIfWell(Filling filling, Source source, Deadline deadline) throws InterruptedException {
        Origin origin = Origin.of(source.uri());
        Duration pause = pauses.left(origin);
        if (pause.isPositive()) {
            return fetch.refuse(
                    filling,
                    place(source, null),
                    new Failure(Kind.BUSY, null, origin + ": it asked to be left alone", pause));
        }
        Breaker breaker = breakers.of(origin.toString());
        return switch (breaker.admit()) {
            case Admission.Admitted(Permit permit) -> {
                if (filling.asksFirst(origin) || mayAskAgain(filling, breaker, deadline)) {
                    yield load(filling, source, breaker, permit, deadline);
                }
                permit.abandoned();
                yield new Loaded.Unavailable(Objects.requireNonNull(filling.failure(), "it was asked, and failed"));
            }
            case Admission.Rejected(Duration untilHalfOpen, var _) ->
                fetch.refuse(
                        filling,
                        place(source, Status.OPEN),
                        new Failure(Kind.BREAKER_OPEN, null, origin + ": its breaker is open", untilHalfOpen));
        };
    }

    private boolean mayAskAgain(Filling filling, Breaker breaker, Deadline deadline) {
        return breaker.throughput().fits(filling.rest().length(), Duration.ZERO, deadline) && retries.tryTake();
    }

    private Loaded load(Filling filling, Source source, Breaker breaker, Permit permit, Deadline deadline)
            throws InterruptedException {
        long hadBytes = filling.range().length() - filling.rest().length();
        @Nullable Attempts attempts = null;
        try {
            attempts = fetch.load(
                    filling, place(source, permit.status()), hedge(filling, breaker, permit, deadline), deadline);
        } finally {
            if (attempts == null) {
                permit.abandoned();
            }
        }
        for (Attempted attempted : attempts.all()) {
            Verdict.of(attempted, breaker.maxP95()).report(permit, attempted.course());
        }
        switch (attempts.loaded()) {
            case Loaded.Ready ready ->
                breaker.throughput()
                        .observed(
                                ready.chunk().lengthBytes() - hadBytes,
                                Duration.ofNanos(ready.timings().bodyNanos()));
            case Loaded.Unavailable(Failure failure) -> {
                quarantine.judge(source, failure);
                if (failure.retryAfter() != null) {
                    pauses.begin(Origin.of(source.uri()), failure.retryAfter());
                }
            }
        }
        return attempts.loaded();
    }

    /** Once the P95 has passed, while the breaker is closed: its permit counts as often as it is reported on. */
    private @Nullable Hedge hedge(Filling filling, Breaker breaker, Permit permit, Deadline deadline) {
        return hedging && permit.status() == Status.CLOSED
                ? breaker.p95()
                        .map(after -> new Hedge(after, () -> mayAskAgain(filling, breaker, deadline)))
                        .orElse(null)
                : null;
    }

    private static Place place(Source source, @Nullable Status breaker) {
        return new Place(Tier.ORIGIN, source.uri(), source.validator(), breaker);
    }

    /** Of two failures the one that a client should hear of. */
    public static Failure moreTelling(@Nullable Failure one, Failure other) {
        return one == null || Comparator.comparing(Failure::kind).compare(one, other) > 0 ? other : one;
    }
}
