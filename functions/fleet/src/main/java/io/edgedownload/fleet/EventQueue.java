package io.edgedownload.fleet;

import io.edgedownload.fleet.v1.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Events that no coordinator has stored yet, oldest first. When there are too many, the oldest are dropped. Never blocks for long. */
final class EventQueue {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Event> waiting = new ArrayDeque<>();
    private long lastSequence;
    private long dropped;

    /** @param most events that wait, at least 1 */
    EventQueue(int most) {
        this.most = most;
    }

    /** Gives the event the next number. */
    void add(Event.Builder event) {
        lock.lock();
        try {
            if (waiting.size() == most) {
                waiting.removeFirst();
                dropped++;
            }
            waiting.addLast(event.setSequence(++lastSequence).build());
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of all events up to that number. */
    void stored(long sequence) {
        lock.lock();
        try {
            while (!waiting.isEmpty() && waiting.getFirst().getSequence() <= sequence) {
                waiting.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those behind that number. */
    List<Event> after(long sequence) {
        lock.lock();
        try {
            List<Event> events = new ArrayList<>();
            for (Event event : waiting) {
                if (event.getSequence() > sequence) {
                    events.add(event);
                }
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Since the start. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }
}
