package io.edgedownload.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups that begin at a steady rate, each on a virtual thread of its own: a slow one delays no other, and its time counts
 * from when it was due.
 */
final class Arrivals {
    private static final long PATIENCE_SECONDS = 60;

    private Arrivals() {}

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Lookup {
        /** @throws Exception when there are none */
        void find(String name) throws Exception;
    }

    /** Returns when the last look-up has its answer; fails when one of them fails. */
    static Latencies measure(List<String> names, int perSecond, Lookup lookup)
            throws IOException, InterruptedException {
        long[] tookNanos = new long[names.size()];
        CountDownLatch running = new CountDownLatch(names.size());
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long startNanos = System.nanoTime();
        for (int index = 0; index < names.size(); index++) {
            int call = index;
            long dueNanos = startNanos + TimeUnit.SECONDS.toNanos(index) / perSecond;
            awaitNanos(dueNanos);
            Thread.ofVirtual().start(() -> {
                try {
                    lookup.find(names.get(call));
                    tookNanos[call] = System.nanoTime() - dueNanos;
                } catch (Exception e) {
                    failure.set(e);
                } finally {
                    running.countDown();
                }
            });
        }
        if (!running.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("a look-up did not end");
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new IOException("a look-up failed: " + failed.getMessage(), failed);
        }
        return Latencies.of(tookNanos);
    }

    static void awaitNanos(long dueNanos) {
        for (long leftNanos = dueNanos - System.nanoTime(); leftNanos > 0; leftNanos = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
    }
}
