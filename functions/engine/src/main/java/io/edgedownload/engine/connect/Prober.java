package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Timer;
import io.edgedownload.engine.time.Timer.Alarm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/** Connects to addresses from time to time to see whether they answer, as long as there is one to probe. */
final class Prober {
    /** Addresses in one round; where there are more, rounds take turns. */
    static final int MOST = 64;

    private final Function<Peer, CompletionStage<Void>> connect;
    private final Timer timer;
    private final Supplier<Limits.Probing> settings;
    private final Subject subject;
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicReference<State> state = new AtomicReference<>(State.AT_REST);

    /** What is probed, and for whom. */
    interface Subject {
        List<Peer> toProbe();

        void probed(Peer peer, boolean answered);
    }

    private enum State {
        AT_REST,
        /** A round is to come. */
        ARMED,
        CLOSED
    }

    /** @param connect ends when the connection is there; it closes it */
    Prober(
            Function<Peer, CompletionStage<Void>> connect,
            Timer timer,
            Supplier<Limits.Probing> settings,
            Subject subject) {
        this.connect = connect;
        this.timer = timer;
        this.settings = settings;
        this.subject = subject;
    }

    /** Sees to it that a round is to come. */
    void arm() {
        arm(settings.get().interval());
    }

    /** Begins a round at once, unless one is to come. */
    void armNow() {
        arm(Duration.ZERO);
    }

    private void arm(Duration delay) {
        if (state.get() == State.AT_REST && state.compareAndSet(State.AT_REST, State.ARMED)) {
            var _ = timer.after(delay, this::round);
        }
    }

    private void round() {
        if (!state.compareAndSet(State.ARMED, State.AT_REST)) {
            return;
        }
        List<Peer> peers = subject.toProbe();
        if (peers.isEmpty()) {
            return;
        }
        arm();
        int count = Math.min(MOST, peers.size());
        int from = Math.floorMod(rounds.getAndIncrement() * MOST, peers.size());
        for (int turn = from; turn < from + count; turn++) {
            probe(peers.get(turn % peers.size()));
        }
    }

    private void probe(Peer peer) {
        var answer = connect.apply(peer).toCompletableFuture();
        Alarm late = timer.after(settings.get().timeout(), () -> answer.cancel(false));
        var _ = answer.whenComplete((_, failure) -> {
            if (state.get() != State.CLOSED) {
                subject.probed(peer, failure == null);
            }
            late.cancel();
        });
    }

    void close() {
        state.set(State.CLOSED);
    }
}
