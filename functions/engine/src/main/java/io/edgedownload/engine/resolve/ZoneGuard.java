package io.edgedownload.engine.resolve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.edgedownload.engine.resolve.SearchNames.Candidate;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a flood of names that do not exist from the name servers: a zone that denied too many names in a short time is
 * asked for names that are not known yet at a low rate only. The top of the tree, where everybody's names are, is exempt.
 */
final class ZoneGuard {
    private static final int MAX_ZONES = 1_000;
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final Limits limits;
    private final Ticker ticker;
    private final Cache<Zone, AtomicReference<Bucket>> zones =
            Caffeine.newBuilder().maximumSize(MAX_ZONES).executor(Runnable::run).build();

    /**
     * @param burst denials of new names that a zone may give at once, at least 1
     * @param perSecond and for ever, at least 1
     */
    record Limits(int burst, int perSecond) {
        Limits {
            if (burst < 1 || perSecond < 1) {
                throw new IllegalArgumentException("must be at least 1");
            }
        }
    }

    /** @param searched for names from the search list, which are denied day in, day out, and must not use up the others' share */
    private record Zone(String name, boolean searched) {}

    private record Bucket(double tokens, long atNanos) {
        Bucket refilled(Limits limits, long nowNanos) {
            double more = (double) (nowNanos - atNanos) * limits.perSecond() / NANOS_PER_SECOND;
            return new Bucket(Math.min(limits.burst(), tokens + more), nowNanos);
        }

        Bucket charged() {
            return new Bucket(Math.max(0, tokens - 1), atNanos);
        }
    }

    ZoneGuard(Limits limits, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
    }

    /** Whether a name of which nothing is known may be asked for. */
    boolean admits(Candidate candidate) {
        String name = candidate.name();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            AtomicReference<Bucket> bucket =
                    zones.getIfPresent(new Zone(name.substring(dot + 1), candidate.searched()));
            if (bucket != null && bucket.get().refilled(limits, ticker.nanos()).tokens() < 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * A name was denied for the first time.
     *
     * @param soa of the zone; without one it is taken to be the name's parent
     */
    void denied(Candidate candidate, Answer.@Nullable Soa soa) {
        String name = candidate.name();
        String zone = soa == null ? name.substring(name.indexOf('.') + 1) : NameCache.key(soa.zone());
        if (zone.indexOf('.') < 0) {
            return;
        }
        long nowNanos = ticker.nanos();
        zones.get(
                        new Zone(zone, candidate.searched()),
                        _ -> new AtomicReference<>(new Bucket(limits.burst(), nowNanos)))
                .updateAndGet(bucket -> bucket.refilled(limits, nowNanos).charged());
    }
}
