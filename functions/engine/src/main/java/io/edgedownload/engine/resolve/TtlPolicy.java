package io.edgedownload.engine.resolve;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long answers hold.
 *
 * @param positiveMax the longest an address holds, whatever was published
 * @param denialInitial the least and first time a denial holds
 * @param denialStep what each further {@code denialStepMisses} misses of the name add to the longest
 * @param denialStepMisses at least 1
 * @param denialMax the longest a denial holds
 * @param failure how long a name is left alone after nobody could answer; at most 5 min (RFC 2308 §7), here 5 s
 * @param slow what the TTLs of slow name servers are cut to
 * @param prefetch when an answer in use is asked for anew before it ends
 * @param stale when an answer that has ended is used all the same
 */
public record TtlPolicy(
        Duration positiveMax,
        Duration denialInitial,
        Duration denialStep,
        int denialStepMisses,
        Duration denialMax,
        Duration failure,
        Slow slow,
        Prefetch prefetch,
        Stale stale) {
    /** The longest that a failure may be kept. */
    private static final Duration FAILURE_MAX = Duration.ofSeconds(5);

    public TtlPolicy {
        require(!positiveMax.isNegative(), "positive-ttl.max must not be negative");
        require(
                denialInitial.compareTo(denialMax) <= 0,
                "negative-ttl.initial must not be longer than negative-ttl.max");
        require(denialStepMisses >= 1, "negative-ttl.step-misses must be at least 1");
        require(failure.compareTo(FAILURE_MAX) <= 0, "failure-ttl must be at most 5s");
    }

    /**
     * A slow answer is cut the more the slower it was, from {@code ttlFrom} at {@code above} down to {@code ttlTo} at
     * {@code until} and beyond: what comes from far behind is looked at again sooner.
     */
    public record Slow(Duration above, Duration until, Duration ttlFrom, Duration ttlTo) {
        public Slow {
            require(above.compareTo(until) < 0, "slow.above must be shorter than slow.until");
            require(ttlTo.compareTo(ttlFrom) <= 0, "slow.ttl-to must not be longer than slow.ttl-from");
        }

        /** The longest TTL of an answer that took so long. */
        long mostNanos(long latencyNanos) {
            if (latencyNanos <= above.toNanos()) {
                return Long.MAX_VALUE;
            }
            double share = Math.min(
                    1,
                    (double) (latencyNanos - above.toNanos())
                            / until.minus(above).toNanos());
            return ttlFrom.toNanos() - (long) (share * ttlFrom.minus(ttlTo).toNanos());
        }
    }

    /**
     * @param hits in the life of an answer that make it worth it
     * @param lastPercent of its life in which that happens
     */
    public record Prefetch(int hits, int lastPercent) {
        public Prefetch {
            require(hits >= 1, "prefetch.hits must be at least 1");
            require(lastPercent >= 0 && lastPercent <= 100, "prefetch.last-percent must be 0 to 100");
        }
    }

    /**
     * RFC 8767.
     *
     * @param maxAge since the answer was learned; 0 to use none
     * @param clientWait how long a caller waits for a newer one first
     * @param ttl how long it holds then, and how long the name servers are left alone after they failed
     */
    public record Stale(Duration maxAge, Duration clientWait, Duration ttl) {}

    /**
     * How long addresses hold.
     *
     * @param ttlSeconds as published
     * @param latencyNanos of the answer
     */
    long positiveNanos(long ttlSeconds, long latencyNanos) {
        return Math.min(
                Math.min(Duration.ofSeconds(ttlSeconds).toNanos(), positiveMax.toNanos()),
                slow.mostNanos(latencyNanos));
    }

    /**
     * How long a denial holds: as the zone's SOA says, but within a span whose upper end grows with the misses of the name.
     * A denial without SOA must not be kept (RFC 2308 §5); it is, as long as a failure, lest it be asked for without end.
     *
     * @param misses of the name since it was last found
     */
    long denialNanos(Answer.@Nullable Soa soa, int misses) {
        if (soa == null) {
            return failure.toNanos();
        }
        long mostNanos = Math.min(
                denialMax.toNanos(),
                denialInitial
                        .plus(denialStep.multipliedBy(misses / denialStepMisses))
                        .toNanos());
        return Math.clamp(Duration.ofSeconds(soa.negativeTtlSeconds()).toNanos(), denialInitial.toNanos(), mostNanos);
    }

    /** Misses beyond these change nothing. */
    int countedMisses() {
        long steps = denialStep.isZero()
                ? 0
                : Math.ceilDiv(denialMax.minus(denialInitial).toNanos(), denialStep.toNanos());
        return (int) Math.min(Integer.MAX_VALUE / 2, steps * denialStepMisses);
    }

    /** The moment from which an answer in use is asked for anew. */
    long prefetchFromNanos(long learnedNanos, long expiresNanos) {
        return expiresNanos - (expiresNanos - learnedNanos) / 100 * prefetch.lastPercent();
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
