package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which addresses are demoted, and which are in doubt. Of an address that is well nothing is kept. What is kept is bounded:
 * beyond that the oldest is forgotten, and its address is well again.
 */
final class AddressHealth {
    /** Of addresses, and of origins. */
    static final int MOST = 1_024;

    /** How exactly it is known when a demoted address was wanted last. */
    private static final long WANTED_WITHIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Ticker ticker;
    private final AtomicReference<State> state = new AtomicReference<>(new State(Map.of(), Map.of()));

    /** What a probe changed. */
    enum Change {
        NONE,
        DEMOTED,
        HEALED
    }

    private sealed interface Standing {
        /** In use, although that many probes in a row failed. */
        record Doubted(int failures) implements Standing {}

        /** @param wantedNanos when somebody last asked for a connection to its origin */
        record Demoted(long wantedNanos) implements Standing {}
    }

    /**
     * @param standings of those that are not well, the oldest first
     * @param drainedNanos when connections of an origin were last drained, the earliest first
     */
    private record State(Map<Peer, Standing> standings, Map<Origin, Long> drainedNanos) {
        State with(Peer peer, Standing standing) {
            return new State(bounded(standings, peer, standing), drainedNanos);
        }

        State without(Peer peer) {
            Map<Peer, Standing> others = new LinkedHashMap<>(standings);
            others.remove(peer);
            return new State(Collections.unmodifiableMap(others), drainedNanos);
        }

        State drained(Origin origin, long nowNanos) {
            Map<Origin, Long> others = new LinkedHashMap<>(drainedNanos);
            others.remove(origin);
            return new State(standings, bounded(others, origin, nowNanos));
        }

        private static <K, V> Map<K, V> bounded(Map<K, V> before, K key, V value) {
            Map<K, V> after = new LinkedHashMap<>(before);
            after.put(key, value);
            if (after.size() > MOST) {
                after.remove(after.keySet().iterator().next());
            }
            return Collections.unmodifiableMap(after);
        }
    }

    AddressHealth(Ticker ticker) {
        this.ticker = ticker;
    }

    boolean isDemoted(Peer peer) {
        return state.get().standings().get(peer) instanceof Standing.Demoted;
    }

    /**
     * Demotes the address.
     *
     * @return false when it was before
     */
    boolean demote(Peer peer) {
        State before;
        do {
            before = state.get();
            if (before.standings().get(peer) instanceof Standing.Demoted) {
                return false;
            }
        } while (!state.compareAndSet(before, before.with(peer, new Standing.Demoted(ticker.nanos()))));
        return true;
    }

    /** @param failures that demote, in a row */
    Change probed(Peer peer, boolean answered, int failures) {
        while (true) {
            State before = state.get();
            Standing standing = before.standings().get(peer);
            State after = answered ? before.without(peer) : afterFailure(before, peer, failures);
            if (state.compareAndSet(before, after)) {
                boolean demoted = after.standings().get(peer) instanceof Standing.Demoted;
                if (standing instanceof Standing.Demoted) {
                    return demoted ? Change.NONE : Change.HEALED;
                }
                return demoted ? Change.DEMOTED : Change.NONE;
            }
        }
    }

    private State afterFailure(State before, Peer peer, int failures) {
        return switch (before.standings().get(peer)) {
            case Standing.Demoted _ -> before;
            case Standing.Doubted(int earlier) -> before.with(peer, standing(earlier + 1, failures));
            case null -> before.with(peer, standing(1, failures));
        };
    }

    private Standing standing(int failed, int failures) {
        return failed >= failures ? new Standing.Demoted(ticker.nanos()) : new Standing.Doubted(failed);
    }

    /**
     * Takes note that somebody asks for a connection to the address.
     *
     * @return whether it is demoted
     */
    boolean wanted(Peer peer) {
        while (true) {
            State before = state.get();
            if (!(before.standings().get(peer) instanceof Standing.Demoted demoted)) {
                return false;
            }
            long nowNanos = ticker.nanos();
            if (nowNanos - demoted.wantedNanos() < WANTED_WITHIN_NANOS
                    || state.compareAndSet(before, before.with(peer, new Standing.Demoted(nowNanos)))) {
                return true;
            }
        }
    }

    /** The demoted addresses that somebody asked for a connection to in the time before now. */
    List<Peer> demoted(Duration wantedWithin) {
        long nowNanos = ticker.nanos();
        return state.get().standings().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Standing.Demoted demoted
                        && nowNanos - demoted.wantedNanos() <= wantedWithin.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The origins that have demoted addresses; of connections nothing is known here. */
    Map<Origin, Pool> pools() {
        Map<Origin, Pool> pools = new HashMap<>();
        state.get().standings().forEach((peer, standing) -> {
            if (standing instanceof Standing.Demoted) {
                pools.merge(peer.origin(), new Pool(0, 0, 0, 0, 0, 1), Pool::plus);
            }
        });
        return pools;
    }

    /**
     * Whether connections of the origin may be drained now; if so, they may not again before the pause is over.
     *
     * @param pause between two drains of one origin
     */
    boolean mayDrain(Origin origin, Duration pause) {
        while (true) {
            State before = state.get();
            long nowNanos = ticker.nanos();
            Long drainedNanos = before.drainedNanos().get(origin);
            if (drainedNanos != null && nowNanos - drainedNanos < pause.toNanos()) {
                return false;
            }
            if (state.compareAndSet(before, before.drained(origin, nowNanos))) {
                return true;
            }
        }
    }
}
