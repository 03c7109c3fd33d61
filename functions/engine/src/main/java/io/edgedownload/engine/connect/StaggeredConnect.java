package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Timer;
import io.edgedownload.engine.time.Timer.Alarm;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One race of connection attempts (RFC 8305 §5): the next attempt starts after a delay, or at once when one failed; the
 * first connection wins, and whatever connects after the end of the race is handed over as surplus, so that none leaks.
 *
 * @param <C> what an attempt brings
 */
final class StaggeredConnect<C> {
    private final List<InetAddress> addresses;
    private final Attempts<C> attempts;
    private final Timer timer;
    private final Duration delay;
    private final AtomicReference<State> state = new AtomicReference<>(new Racing(0, 0));
    private final AtomicReference<@Nullable Alarm> alarm = new AtomicReference<>();
    private final CompletableFuture<Outcome<C>> outcome = new CompletableFuture<>();

    /** How the race reaches the network. */
    interface Attempts<C> {
        /** Starts to connect. */
        CompletionStage<C> start(InetAddress address);

        /** Takes a connection that came when the race was over. */
        void surplus(C connection);
    }

    sealed interface Outcome<C> {
        record Won<C>(InetAddress address, C connection) implements Outcome<C> {}

        /** @param last why the attempt failed that ended last */
        record Lost<C>(Throwable last) implements Outcome<C> {}
    }

    private sealed interface State {}

    /** @param started how many attempts were started, of which {@code failed} have failed */
    private record Racing(int started, int failed) implements State {}

    private record Over() implements State {}

    /**
     * @param addresses at least one, in the order of the attempts
     * @param delay between two attempts
     */
    StaggeredConnect(List<InetAddress> addresses, Attempts<C> attempts, Timer timer, Duration delay) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a race without attempts would never end");
        }
        this.addresses = addresses;
        this.attempts = attempts;
        this.timer = timer;
        this.delay = delay;
    }

    /** Starts the race; to be called once. */
    CompletionStage<Outcome<C>> run() {
        startAfter(0);
        return outcome;
    }

    /** Ends the race for a caller that waits no longer; the winner, if there is one, is surplus too. */
    void abandon() {
        state.set(new Over());
        silence();
        var _ = outcome.thenAccept(ended -> {
            if (ended instanceof Outcome.Won<C>(InetAddress address, C connection)) {
                attempts.surplus(connection);
            }
        });
    }

    /** Starts the next attempt, unless another than the {@code started}-th was started meanwhile or the race is over. */
    private void startAfter(int started) {
        if (state.get() instanceof Racing racing
                && racing.started() == started
                && started < addresses.size()
                && state.compareAndSet(racing, new Racing(started + 1, racing.failed()))) {
            start(started);
        }
    }

    private void start(int index) {
        InetAddress address = addresses.get(index);
        if (index + 1 < addresses.size()) {
            replace(timer.after(delay, () -> startAfter(index + 1)));
        }
        var _ = attempts.start(address).handle((connection, failure) -> {
            if (failure == null) {
                connected(address, connection);
            } else {
                failed(failure);
            }
            return null;
        });
    }

    private void connected(InetAddress address, C connection) {
        if (state.getAndSet(new Over()) instanceof Racing && outcome.complete(new Outcome.Won<>(address, connection))) {
            silence();
        } else {
            attempts.surplus(connection);
        }
    }

    private void failed(Throwable failure) {
        while (state.get() instanceof Racing before) {
            boolean another = before.started() < addresses.size();
            boolean last = before.failed() + 1 == addresses.size();
            State after = last ? new Over() : new Racing(before.started() + (another ? 1 : 0), before.failed() + 1);
            if (state.compareAndSet(before, after)) {
                if (last) {
                    outcome.complete(new Outcome.Lost<>(failure));
                } else if (another) {
                    start(before.started());
                }
                return;
            }
        }
    }

    private void replace(@Nullable Alarm next) {
        Alarm earlier = alarm.getAndSet(next);
        if (earlier != null) {
            earlier.cancel();
        }
    }

    private void silence() {
        replace(null);
    }
}
