package io.edgedownload.engine.verify;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts who holds a chunk, from the one that made it on. */
final class References {
    private final AtomicInteger count = new AtomicInteger(1);
    private final Runnable free;
    private volatile Runnable onFreed = () -> {};

    /** @param free runs once, when the last reference was given back */
    References(Runnable free) {
        this.free = free;
    }

    /** Has {@code action} run after the chunk was freed. */
    void whenFreed(Runnable action) {
        onFreed = action;
    }

    /** Takes one, or false when the last was given back. */
    boolean retain() {
        for (; ; ) {
            int held = count.get();
            // Below zero after a release too many: the chunk is gone all the same.
            if (held <= 0) {
                return false;
            }
            if (count.compareAndSet(held, held + 1)) {
                return true;
            }
        }
    }

    /** Gives one back. */
    void release() {
        int held = count.decrementAndGet();
        if (held == 0) {
            try {
                free.run();
            } finally {
                onFreed.run();
            }
        } else if (held < 0) {
            throw new IllegalStateException("a chunk was released more often than retained");
        }
    }
}
