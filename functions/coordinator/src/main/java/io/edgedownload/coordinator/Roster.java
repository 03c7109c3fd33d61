package io.edgedownload.coordinator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The fleet: the instances whose streams are here, and those of other coordinators. No method blocks. */
final class Roster {
    private final Map<String, Here> here = new ConcurrentHashMap<>();
    private final Store store;
    private final Duration interval;
    private final InstantSource clock;

    /** @param keptMillis when it was last given to the store */
    private record Here(Standing standing, long keptMillis) {}

    /** @param interval between two times that a standing is stored from which the same orders follow */
    Roster(Store store, Duration interval, InstantSource clock) {
        this.store = store;
        this.interval = interval;
        this.clock = clock;
    }

    /** An instance has a stream here; how it stood before is taken on. */
    CompletionStage<Standing> join(Standing said) {
        return store.find(said.instance())
                .thenApply(known -> known.map(said::continuing).orElse(said));
    }

    /**
     * The instance stands otherwise now; told in order for each of its streams.
     *
     * @param stored called when this or a later standing of the instance is stored; not always soon
     */
    void update(Standing standing, Runnable stored) {
        long nowMillis = clock.millis();
        Here before = here.get(standing.instance());
        if (before == null) {
            here.put(standing.instance(), new Here(standing, nowMillis));
            store.keep(standing, stored);
        } else if (before.standing().session() <= standing.session()) {
            boolean keep =
                    standing.differsFrom(before.standing()) || nowMillis - before.keptMillis() >= interval.toMillis();
            here.put(standing.instance(), new Here(standing, keep ? nowMillis : before.keptMillis()));
            if (keep) {
                store.keep(standing, stored);
            }
        }
    }

    /** The stream has ended, unless the instance has another one here already. */
    void leave(Standing standing) {
        here.computeIfPresent(standing.instance(), (_, now) -> {
            if (now.standing().session() != standing.session()) {
                return now;
            }
            store.leave(standing);
            return null;
        });
    }

    /** Whether another stream of the instance is newer than this one. */
    boolean superseded(Standing standing) {
        Standing other = store.all().get(standing.instance());
        Here now = here.get(standing.instance());
        return (other != null && other.session() > standing.session())
                || (now != null && now.standing().session() > standing.session());
    }

    /** All of them by their names. */
    Map<String, Standing> fleet() {
        Map<String, Standing> fleet = new HashMap<>(store.all());
        here.values().forEach(each -> fleet.merge(each.standing().instance(), each.standing(), Roster::newer));
        return fleet;
    }

    private static Standing newer(Standing stored, Standing now) {
        return stored.session() > now.session() ? stored : now;
    }

    Set<String> drained() {
        return store.drained();
    }

    boolean reached() {
        return store.reached();
    }

    void drain(String instance, boolean wanted) {
        store.drain(instance, wanted);
    }
}
