package io.edgedownload.edge;

import io.edgedownload.engine.ChunkLoader.Reach;
import io.edgedownload.engine.Filling;
import io.edgedownload.engine.OriginTier;
import io.edgedownload.engine.StoreTier;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.Deadline;
import io.smallrye.faulttolerance.api.CustomBackoff;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Fallback;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Loads a chunk: the origin tier, and S3 when that fails. The annotations are the outer, static layer: they know nothing of
 * single origins and keep this instance well whatever the tier does. Each is set by its standard MicroProfile key, such as
 * {@code io.edgedownload.edge.ChunkTiers/load/Timeout/value}.
 */
@ApplicationScoped
public class ChunkTiers {
    private static final Logger LOG = Logger.getLogger(ChunkTiers.class);
    /** The breaker's own delay, unless that is configured otherwise: a hint for Retry-After. */
    private static final Duration UNTIL_CLOSED_AGAIN = Duration.ofSeconds(5);

    private final OriginTier origin;
    private final StoreTier store;
    private final EdgeConfig config;

    ChunkTiers(OriginTier origin, StoreTier store, EdgeConfig config) {
        this.origin = origin;
        this.store = store;
        this.config = config;
    }

    /**
     * Loads what is missing of the chunk. Blocks until it is there, has failed everywhere, or the deadline has passed.
     *
     * @param filling goes through all rounds and both tiers
     */
    @Retry(maxRetries = 1, delay = 50, jitter = 0, retryOn = OriginUnavailable.Passing.class)
    @CustomBackoff(DecorrelatedJitter.class)
    @CircuitBreaker(
            requestVolumeThreshold = 100,
            failureRatio = 0.95,
            delay = 5_000,
            successThreshold = 3,
            skipOn = OriginUnavailable.Settled.class)
    @Timeout(60_000)
    @Bulkhead(512)
    @Fallback(fallbackMethod = "fromStore")
    public Loaded load(Filling filling, Reach reach, Deadline deadline) throws InterruptedException {
        boolean hasStore = reach == Reach.S3 && filling.manifest().s3() != null;
        Deadline withReserve = hasStore ? filling.forSources(config.deadline().reserve(), deadline) : deadline;
        return switch (origin.load(filling, filling.manifest().s3() != null, withReserve)) {
            case Loaded.Ready ready -> ready;
            case Loaded.Unavailable(Failure failure) ->
                throw OriginUnavailable.of(
                        failure, hasStore, withReserve.allows(config.deadline().minimumAttempt()));
        };
    }

    /** The second tier, whatever ended the first: its failure, its time, its breaker or its bulkhead. */
    Loaded fromStore(Filling filling, Reach reach, Deadline deadline, Throwable cause) throws InterruptedException {
        Failure failure = failure(cause);
        S3Object s3 = filling.manifest().s3();
        if (reach == Reach.ORIGIN || s3 == null) {
            return new Loaded.Unavailable(failure);
        }
        return switch (store.load(filling, s3, deadline)) {
            case Loaded.Ready ready -> ready;
            case Loaded.Unavailable(Failure s3Failure) ->
                new Loaded.Unavailable(OriginTier.moreTelling(failure, s3Failure));
        };
    }

    private static Failure failure(Throwable cause) {
        return switch (cause) {
            case OriginUnavailable.Passing passing -> passing.failure();
            case OriginUnavailable.Settled settled -> settled.failure();
            case OriginUnavailable.Sick sick -> sick.failure();
            case TimeoutException timeout -> Failure.of(Kind.TIMEOUT, "the origin tier took too long");
            case CircuitBreakerOpenException open ->
                new Failure(Kind.BREAKER_OPEN, null, "the origin tier's circuit breaker is open", UNTIL_CLOSED_AGAIN);
            case BulkheadException full -> Failure.of(Kind.OVERLOAD, "the origin tier's bulkhead is full");
            default -> {
                LOG.errorf(cause, "the origin tier failed in an unforeseen way");
                yield Failure.of(Kind.UNREACHABLE, "the origin tier failed");
            }
        };
    }
}
