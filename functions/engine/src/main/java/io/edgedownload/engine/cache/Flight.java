package io.edgedownload.engine.cache;

import io.edgedownload.engine.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** One load under way and those who wait for it. Its state is one immutable value, changed by compare-and-set. */
final class Flight {
    /**
     * @param asked completed with what the load brought; when it was completed before, its caller has left
     * @param begun whether the caller's answer has begun, so that refusing the load would break it off
     * @param deadline the caller's own
     * @param loading how this caller would load the chunk itself
     */
    record Waiter(CompletableFuture<Obtained> asked, Loading loading, boolean begun, Deadline deadline) {}

    private sealed interface State {
        record Loading(List<Waiter> waiters) implements State {}

        record Ended() implements State {}
    }

    private final AtomicReference<State> state;
    private final Waiter first;

    /** @param first the caller whose load this is */
    Flight(Waiter first) {
        this.first = first;
        this.state = new AtomicReference<>(new State.Loading(List.of(first)));
    }

    Waiter first() {
        return first;
    }

    /** Adds a waiter, or false when the load has ended: then the chunk is in the cache, or nobody is loading it. */
    boolean join(Waiter waiter) {
        for (; ; ) {
            switch (state.get()) {
                case State.Ended ended -> {
                    return false;
                }
                case State.Loading loading -> {
                    List<Waiter> more = new ArrayList<>(loading.waiters());
                    more.add(waiter);
                    if (state.compareAndSet(loading, new State.Loading(List.copyOf(more)))) {
                        return true;
                    }
                }
            }
        }
    }

    /** Ends the flight; those who waited, the first one first. */
    List<Waiter> end() {
        return switch (state.getAndSet(new State.Ended())) {
            case State.Loading loading -> loading.waiters();
            case State.Ended ended -> throw new IllegalStateException("a flight ends once");
        };
    }
}
