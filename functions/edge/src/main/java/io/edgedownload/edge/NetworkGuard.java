package io.edgedownload.edge;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.engine.guard.Counters;
import io.edgedownload.engine.guard.Figures;
import io.edgedownload.engine.guard.GuardState;
import io.edgedownload.engine.guard.Rules;
import io.edgedownload.engine.guard.Sample;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at the system's counters of TCP again and again, and limits what this instance sends while they show a sick network. One
 * sample after the other, on a thread that may wait for the file.
 */
final class NetworkGuard {
    static final String SOURCE = "guard";

    /** How many samples may fail before its limit ends by itself. */
    private static final int FAILURES = 10;

    private final Settings settings;
    private final EgressLimits limits;
    private final Listener listener;
    private final Executor executor;
    private final Timer timer;
    private final Ticker ticker;
    private final AtomicReference<GuardState> state = new AtomicReference<>(GuardState.initial());
    private final AtomicReference<Sight> sight = new AtomicReference<>(Sight.OFF);

    /** Whether it sees the counters. */
    enum Sight {
        OFF,
        SEEING,
        BLIND
    }

    /**
     * @param snmp file with the counters
     * @param interval between two samples
     * @param bytesPerSecond the limit
     */
    record Settings(boolean enabled, Path snmp, Duration interval, long bytesPerSecond, Rules rules) {}

    /** Hears of what the guard finds. No method blocks. */
    interface Listener {
        /** There is nothing to look at, and there will be no limit; once. */
        void off(String reason);

        /** The counters cannot be read any more; once until they can. */
        void blind(String reason);

        /** @param bytesPerSecond the guard's own limit */
        void changed(Cause cause, boolean holds, Figures figures, long bytesPerSecond);
    }

    NetworkGuard(
            Settings settings, EgressLimits limits, Listener listener, Executor executor, Timer timer, Ticker ticker) {
        this.settings = settings;
        this.limits = limits;
        this.listener = listener;
        this.executor = executor;
        this.timer = timer;
        this.ticker = ticker;
    }

    /** Begins to look, if there is anything to look at. */
    void start() {
        if (!settings.enabled()) {
            return;
        }
        try {
            take(read());
            again();
        } catch (IOException e) {
            listener.off(settings.snmp() + " cannot be read: " + e);
        }
    }

    Figures figures() {
        return state.get().figures();
    }

    boolean isLimiting() {
        return state.get().isLimiting();
    }

    Sight sight() {
        return sight.get();
    }

    private void again() {
        var _ = timer.after(settings.interval(), () -> executor.execute(this::look));
    }

    private void look() {
        try {
            take(read());
        } catch (IOException e) {
            if (sight.getAndSet(Sight.BLIND) != Sight.BLIND) {
                listener.blind(settings.snmp() + " cannot be read: " + e);
            }
        } finally {
            again();
        }
    }

    private Counters read() throws IOException {
        try (InputStream file = Files.newInputStream(settings.snmp())) {
            String text = new String(file.readNBytes(Counters.MOST_BYTES), StandardCharsets.US_ASCII);
            Optional<Counters> counters = Counters.parse(text);
            return counters.orElseThrow(() -> new IOException("it has no counters of TCP"));
        }
    }

    /** Nobody else changes the state: one sample is taken after the other. */
    private void take(Counters counters) {
        sight.set(Sight.SEEING);
        GuardState before = state.get();
        GuardState after = before.after(new Sample(ticker.nanos(), counters), settings.rules());
        state.set(after);
        if (after.isLimiting()) {
            limits.set(SOURCE, settings.bytesPerSecond(), settings.interval().multipliedBy(FAILURES));
        } else if (before.isLimiting()) {
            limits.lift(SOURCE);
        }
        for (Cause cause : Cause.values()) {
            if (before.holds(cause) != after.holds(cause)) {
                listener.changed(cause, after.holds(cause), after.figures(), settings.bytesPerSecond());
            }
        }
    }
}
