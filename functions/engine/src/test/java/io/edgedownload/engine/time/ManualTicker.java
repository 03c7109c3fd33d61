package io.edgedownload.engine.time;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A clock that moves only when a test moves it, and that runs what was timed on the way, on the thread of the test. */
public final class ManualTicker implements Ticker, Timer {
    private final AtomicLong nanos;
    private final AtomicLong sequence = new AtomicLong();
    private final PriorityQueue<Timed> alarms;

    private record Timed(long atNanos, long sequence, Runnable task) {}

    public ManualTicker() {
        this(1_000);
    }

    /** @param startNanos what it says first */
    public ManualTicker(long startNanos) {
        nanos = new AtomicLong(startNanos);
        // By difference: the counter may overflow on the way.
        alarms = new PriorityQueue<>(Comparator.<Timed>comparingLong(timed -> timed.atNanos() - startNanos)
                .thenComparingLong(Timed::sequence));
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        Timed timed = new Timed(nanos() + Math.max(0, delay.toNanos()), sequence.getAndIncrement(), task);
        synchronized (alarms) {
            alarms.add(timed);
        }
        return () -> {
            synchronized (alarms) {
                alarms.remove(timed);
            }
        };
    }

    /** Moves the clock, stopping at every alarm that is due on the way. */
    public void advance(Duration by) {
        long until = nanos() + by.toNanos();
        for (Timed due = nextDue(until); due != null; due = nextDue(until)) {
            nanos.set(due.atNanos());
            due.task().run();
        }
        nanos.set(until);
    }

    /** How many tasks wait for their moment. */
    public int alarms() {
        synchronized (alarms) {
            return alarms.size();
        }
    }

    private @Nullable Timed nextDue(long untilNanos) {
        synchronized (alarms) {
            Timed next = alarms.peek();
            return next != null && next.atNanos() - untilNanos <= 0 ? alarms.poll() : null;
        }
    }
}
