package io.edgedownload.engine.resolve;

import java.util.concurrent.atomic.LongAdder;

/** How often what happened since the start. */
final class ResolveCounters {
    private final LongAdder lookups = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder guarded = new LongAdder();
    private final LongAdder refused = new LongAdder();

    void lookedUp() {
        lookups.increment();
    }

    void stale() {
        stale.increment();
    }

    void guarded() {
        guarded.increment();
    }

    void refused() {
        refused.increment();
    }

    long lookups() {
        return lookups.sum();
    }

    long staleAnswers() {
        return stale.sum();
    }

    long guardedNames() {
        return guarded.sum();
    }

    long refusedLookups() {
        return refused.sum();
    }
}
