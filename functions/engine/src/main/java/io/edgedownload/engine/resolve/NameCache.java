package io.edgedownload.engine.resolve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.edgedownload.engine.resolve.NameState.Flight;
import io.edgedownload.engine.resolve.NameState.Landing;
import io.edgedownload.engine.resolve.NameState.Reply;
import io.edgedownload.engine.resolve.NameState.Step;
import io.edgedownload.engine.resolve.Resolver.Denial;
import io.edgedownload.engine.resolve.Resolver.Freshness;
import io.edgedownload.engine.resolve.Resolver.Provenance;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.resolve.SearchNames.Candidate;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * What is known of names, each in one immutable state that changes by one compare-and-set; look-ups are started and events
 * told after it. All who ask for a name that is being looked up share that look-up.
 */
final class NameCache {
    /** An entry without its name and addresses, as measured: see NameCacheFootprintTest. */
    static final int ENTRY_BYTES = 560;

    /** One address in its part, in the answer, and its share of both lists. */
    static final int ADDRESS_BYTES = 72;

    /** Until a zone that is guarded may be asked for another name. */
    private static final Duration GUARDED_FOR = Duration.ofSeconds(1);

    private final Cache<String, AtomicReference<NameState>> names;
    private final TtlPolicy policy;
    private final ZoneGuard guard;
    private final Lookups lookups;
    private final Semaphore places;
    private final Ticker ticker;
    private final Consumer<AddressesChanged> changes;
    private final ResolveCounters counters;

    /**
     * @param maxEntries names, and
     * @param maxBytes memory for all of them, by an estimate: {@value #ENTRY_BYTES} bytes a name, one more for each of its
     *     octets, {@value #ADDRESS_BYTES} for each of its addresses
     * @param maxLookups look-ups under way
     */
    record Limits(int maxEntries, long maxBytes, int maxLookups) {
        Limits {
            if (maxEntries < 1 || maxBytes < ENTRY_BYTES || maxLookups < 1) {
                throw new IllegalArgumentException("must hold at least one name and one look-up");
            }
        }

        /** Both bounds in one: a name weighs at least its share of the memory. */
        int weight(String name, int addresses) {
            return (int) Math.max(maxBytes / maxEntries, ENTRY_BYTES + name.length() + addresses * ADDRESS_BYTES);
        }
    }

    /** Finds out about a name. */
    @FunctionalInterface
    interface Lookups {
        /** @param learned told at least once */
        void start(String name, Consumer<Learned> learned);
    }

    NameCache(
            Limits limits,
            TtlPolicy policy,
            ZoneGuard guard,
            Lookups lookups,
            Ticker ticker,
            Consumer<AddressesChanged> changes,
            ResolveCounters counters) {
        this.policy = policy;
        this.guard = guard;
        this.lookups = lookups;
        this.places = new Semaphore(limits.maxLookups());
        this.ticker = ticker;
        this.changes = changes;
        this.counters = counters;
        this.names = Caffeine.newBuilder()
                .maximumWeight(limits.maxBytes())
                .<String, AtomicReference<NameState>>weigher(
                        (name, state) -> limits.weight(name, state.get().addressCount()))
                .executor(Runnable::run)
                .build();
    }

    /** A name as it is a key here. */
    static String key(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    Reply find(Candidate candidate) {
        AtomicReference<NameState> entry = names.getIfPresent(candidate.name());
        if (entry == null) {
            if (!guard.admits(candidate)) {
                return guarded();
            }
            entry = names.get(candidate.name(), _ -> new AtomicReference<>(NameState.EMPTY));
        }
        return find(candidate, entry);
    }

    private Reply find(Candidate candidate, AtomicReference<NameState> entry) {
        long nowNanos = ticker.nanos();
        while (true) {
            NameState before = entry.get();
            Step step = before.asked(policy, nowNanos);
            Flight launched = step.launched();
            if (launched == null) {
                if (moved(entry, before, step.after())) {
                    return step.reply();
                }
                continue;
            }
            Reply instead = instead(candidate, before, step.reply());
            if (instead != null) {
                return instead;
            }
            if (moved(entry, before, step.after())) {
                start(candidate, entry, launched);
                return step.reply();
            }
            places.release();
        }
    }

    private static boolean moved(AtomicReference<NameState> entry, NameState before, @Nullable NameState after) {
        return after == null || entry.compareAndSet(before, after);
    }

    /** What whoever asks gets when no look-up may be started; else a place for one is taken. */
    private @Nullable Reply instead(Candidate candidate, NameState state, Reply reply) {
        if (!(state.known() instanceof Known.Addresses) && !guard.admits(candidate)) {
            return guarded();
        }
        if (places.tryAcquire()) {
            return null;
        }
        counters.refused();
        return switch (reply) {
            case Reply.Ready ready -> ready;
            case Reply.Wait(var _, var stale, var _) ->
                new Reply.Ready(stale == null ? new Resolution.Failed("too many look-ups are under way") : stale);
        };
    }

    private Reply guarded() {
        counters.guarded();
        return new Reply.Ready(new Resolution.NoAddress(
                Denial.GUARDED, new Provenance(Freshness.FRESH, ticker.nanos() + GUARDED_FOR.toNanos(), "zone guard")));
    }

    private void start(Candidate candidate, AtomicReference<NameState> entry, Flight flight) {
        counters.lookedUp();
        try {
            lookups.start(candidate.name(), learned -> learned(candidate, entry, flight, learned));
        } catch (IllegalArgumentException e) {
            learned(candidate, entry, flight, new Learned.Failed(String.valueOf(e.getMessage())));
        }
    }

    private void learned(Candidate candidate, AtomicReference<NameState> entry, Flight flight, Learned learned) {
        NameState before;
        Landing landing;
        do {
            before = entry.get();
            if (!before.awaits(flight)) {
                return;
            }
            landing = before.landed(learned, flight, policy, ticker.nanos());
        } while (!entry.compareAndSet(before, landing.after()));
        if (flight.equals(before.flight())) {
            places.release();
        }
        // Again, for its weight.
        names.put(candidate.name(), entry);
        if (learned instanceof Learned.Denied denied && before.misses() == 0) {
            guard.denied(candidate, denied.soa());
        }
        AddressesChanged.between(
                        candidate.name(), before.known(), landing.after().known())
                .ifPresent(changes);
        flight.result().complete(landing.resolution());
    }

    long entries() {
        return names.estimatedSize();
    }

    /** By the estimate of {@link Limits}. */
    long estimatedBytes() {
        return names.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }
}
