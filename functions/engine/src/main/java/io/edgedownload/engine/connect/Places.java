package io.edgedownload.engine.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who may hold a connection, and who waits for one. Places are bounded by origin, in total and by tenant; the queue is
 * bounded by origin and tenant, and served in the order of arrival, passing over those whose bound is reached, so that a
 * tenant or an origin that is stuck holds up nobody else.
 */
final class Places {
    private final AtomicReference<State> state;

    /**
     * One that waits.
     *
     * @param granted ends when it has its place
     */
    record Waiter(Origin origin, String tenant, CompletableFuture<Boolean> granted) {}

    sealed interface Asked {
        record Taken() implements Asked {}

        record Queued(Waiter waiter) implements Asked {}

        /** No place, and none in the queue. */
        record Full() implements Asked {}
    }

    private record State(Limits limits, int taken, Map<Origin, Seats> origins, List<Waiter> waiting) {
        Seats seats(Origin origin) {
            return origins.getOrDefault(origin, Seats.NONE);
        }

        boolean free(Origin origin, String tenant) {
            return taken < limits.total()
                    && seats(origin).taken() < limits.perOrigin()
                    && seats(origin).of(tenant) < limits.places(tenant);
        }

        boolean mayWait(Origin origin, String tenant) {
            List<Waiter> before = waiting.stream()
                    .filter(waiter -> waiter.origin().equals(origin))
                    .toList();
            return before.size() < limits.waiting()
                    && before.stream()
                                    .filter(waiter -> waiter.tenant().equals(tenant))
                                    .count()
                            < limits.waiting(tenant);
        }

        State withSeat(Origin origin, String tenant, int more) {
            Map<Origin, Seats> changed = new HashMap<>(origins);
            Seats seats = seats(origin).with(tenant, more);
            if (seats.taken() == 0) {
                changed.remove(origin);
            } else {
                changed.put(origin, seats);
            }
            return new State(limits, taken + more, Map.copyOf(changed), waiting);
        }

        State withWaiting(List<Waiter> others) {
            return new State(limits, taken, origins, List.copyOf(others));
        }
    }

    private record Seats(int taken, Map<String, Integer> byTenant) {
        static final Seats NONE = new Seats(0, Map.of());

        int of(String tenant) {
            return byTenant.getOrDefault(tenant, 0);
        }

        Seats with(String tenant, int more) {
            Map<String, Integer> changed = new HashMap<>(byTenant);
            changed.merge(tenant, more, (had, added) -> had + added == 0 ? null : had + added);
            return new Seats(taken + more, Map.copyOf(changed));
        }
    }

    Places(Limits limits) {
        state = new AtomicReference<>(new State(limits, 0, Map.of(), List.of()));
    }

    Asked ask(Origin origin, String tenant) {
        Waiter waiter = new Waiter(origin, tenant, new CompletableFuture<>());
        while (true) {
            State before = state.get();
            // A place that is free now is one that nobody in the queue may have.
            if (before.free(origin, tenant)) {
                if (state.compareAndSet(before, before.withSeat(origin, tenant, 1))) {
                    return new Asked.Taken();
                }
            } else if (!before.mayWait(origin, tenant)) {
                return new Asked.Full();
            } else {
                List<Waiter> waiting = new ArrayList<>(before.waiting());
                waiting.add(waiter);
                if (state.compareAndSet(before, before.withWaiting(waiting))) {
                    return new Asked.Queued(waiter);
                }
            }
        }
    }

    /**
     * Leaves the queue.
     *
     * @return false when the waiter was granted its place before, which it then must give back
     */
    boolean leave(Waiter waiter) {
        while (true) {
            State before = state.get();
            List<Waiter> waiting = new ArrayList<>(before.waiting());
            if (!waiting.remove(waiter)) {
                return false;
            }
            if (state.compareAndSet(before, before.withWaiting(waiting))) {
                return true;
            }
        }
    }

    void giveBack(Origin origin, String tenant) {
        grant(before -> before.withSeat(origin, tenant, -1));
    }

    /** Changes the bounds; what is held over a lower one is not taken away. */
    void limit(Limits limits) {
        grant(before -> new State(limits, before.taken(), before.origins(), before.waiting()));
    }

    /** Whether the tenant holds its whole share, so that it is not the others who keep it waiting. */
    boolean shareUsedUp(Origin origin, String tenant) {
        State now = state.get();
        return !tenant.isEmpty() && now.seats(origin).of(tenant) >= now.limits().places(tenant);
    }

    /** The places of each origin, and who waits for them; of connections nothing is known here. */
    Map<Origin, Pool> pools() {
        State now = state.get();
        Map<Origin, Pool> pools = new HashMap<>();
        now.origins().forEach((origin, seats) -> pools.put(origin, new Pool(0, 0, 0, seats.taken(), 0, 0)));
        now.waiting().forEach(waiter -> pools.merge(waiter.origin(), new Pool(0, 0, 0, 0, 1, 0), Pool::plus));
        return pools;
    }

    @FunctionalInterface
    private interface Change {
        State of(State before);
    }

    /** Changes the state, and seats everybody in the queue who may sit then. */
    private void grant(Change change) {
        while (true) {
            State before = state.get();
            State after = change.of(before);
            List<Waiter> granted = new ArrayList<>();
            List<Waiter> waiting = new ArrayList<>();
            for (Waiter waiter : after.waiting()) {
                if (after.free(waiter.origin(), waiter.tenant())) {
                    after = after.withSeat(waiter.origin(), waiter.tenant(), 1);
                    granted.add(waiter);
                } else {
                    waiting.add(waiter);
                }
            }
            if (state.compareAndSet(before, after.withWaiting(waiting))) {
                granted.forEach(waiter -> waiter.granted().complete(true));
                return;
            }
        }
    }
}
