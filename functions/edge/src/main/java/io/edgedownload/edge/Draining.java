package io.edgedownload.edge;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Whether this instance is to take no new requests. Those that come all the same are served. */
@Singleton
final class Draining {
    private final Ticker ticker;
    private final AtomicReference<Deadline> until;

    Draining(Ticker ticker) {
        this.ticker = ticker;
        this.until = new AtomicReference<>(Deadline.after(Duration.ZERO, ticker));
    }

    /** @param holds from now, unless it is told again */
    void begin(Duration holds) {
        until.set(Deadline.after(holds, ticker));
    }

    void end() {
        until.set(Deadline.after(Duration.ZERO, ticker));
    }

    boolean holds() {
        return !until.get().passed();
    }
}
