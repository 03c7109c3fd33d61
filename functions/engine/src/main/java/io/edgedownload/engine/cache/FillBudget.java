package io.edgedownload.engine.cache;

import io.edgedownload.engine.time.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of chunks in flight: those that are being loaded, and those that the cache dropped while answers still hold
 * them. What is in the cache is bounded there. Callers wait in the order in which they came.
 */
final class FillBudget {
    private static final int UNIT_BYTES = 64 << 10;

    private final Units free;
    private final int allUnits;

    /** @param maxBytes rounded down to 64 KiB, at least that */
    FillBudget(long maxBytes) {
        this.allUnits = Math.clamp(maxBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.free = new Units(allUnits);
    }

    /** Memory for one chunk, or null when there was none by the deadline. A chunk larger than the whole budget takes all of it. */
    @Nullable
    Charge acquire(int lengthBytes, Deadline deadline) throws InterruptedException {
        int units = Math.clamp((lengthBytes + UNIT_BYTES - 1) / UNIT_BYTES, 1, allUnits);
        return free.tryAcquire(units, deadline.remainingNanos(), TimeUnit.NANOSECONDS) ? new Charge(units) : null;
    }

    /** Bytes that are charged now; above the bound while answers hold on to chunks that the cache dropped. */
    long chargedBytes() {
        return (long) (allUnits - free.availablePermits()) * UNIT_BYTES;
    }

    /** The memory of one chunk. It is charged to the budget, except while the chunk is in the cache. */
    final class Charge {
        private final int units;
        private final AtomicBoolean charged = new AtomicBoolean(true);

        private Charge(int units) {
            this.units = units;
        }

        /** The cache answers for the memory from now on. */
        void cached() {
            giveBack();
        }

        /** The cache does so no longer. Called before it lets go of the chunk, so this always comes before the end. */
        void dropped() {
            if (charged.compareAndSet(false, true)) {
                // Taken without asking: the memory is in use already, and it is the next load that has to wait.
                free.take(units);
            }
        }

        /** The memory is free. */
        void freed() {
            giveBack();
        }

        private void giveBack() {
            if (charged.compareAndSet(true, false)) {
                free.release(units);
            }
        }
    }

    /** A fair semaphore that can be overdrawn. */
    private static final class Units extends Semaphore {
        private static final long serialVersionUID = 1;

        Units(int permits) {
            super(permits, true);
        }

        void take(int units) {
            reducePermits(units);
        }
    }
}
