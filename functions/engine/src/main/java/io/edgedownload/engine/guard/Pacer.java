package io.edgedownload.engine.guard;

import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands out turns to send, no more in a second than a limit says. Clients that wait have their turns one after the other, however
 * much each of them asks for: one that asks twice waits for all others in between. Who asks keeps to one turn at a time, so what
 * waits here is bounded by the answers under way.
 */
public final class Pacer {
    /** What may be sent in one turn. Small, so that a turn comes soon; large enough that turns cost nothing beside it. */
    public static final int TURN_BYTES = 64 << 10;

    /** Timers are not woken for single turns: what may be sent meanwhile is handed out together. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(2);

    private final Timer timer;
    private final Ticker ticker;
    private final LongAdder pacedBytes = new LongAdder();
    private volatile boolean limited;

    private final Lock lock = new ReentrantLock();
    // By the lock:
    private final SequencedMap<Object, Queue<Turn>> waiting = new LinkedHashMap<>();
    private @Nullable Bucket bucket;
    private boolean alarmSet;

    /** A turn that was asked for. */
    public static final class Turn {
        private final Object client;
        private final int bytes;
        private final Runnable granted;

        private Turn(Object client, int bytes, Runnable granted) {
            this.client = client;
            this.bytes = bytes;
            this.granted = granted;
        }
    }

    public Pacer(Timer timer, Ticker ticker) {
        this.timer = timer;
        this.ticker = ticker;
    }

    /** Whether there is a limit. Costs nothing to ask; without one nobody needs turns. */
    public boolean isLimited() {
        return limited;
    }

    /** Bytes for which turns were granted under a limit. */
    public long pacedBytes() {
        return pacedBytes.sum();
    }

    /** How many turns are waited for. */
    public int waitingTurns() {
        lock.lock();
        try {
            return waiting.values().stream().mapToInt(Queue::size).sum();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sets another limit.
     *
     * @param bytesPerSecond at least one turn a second: less counts as that; empty for none, and all who wait go
     */
    public void limit(OptionalLong bytesPerSecond) {
        serve(() -> {
            limited = bytesPerSecond.isPresent();
            if (bytesPerSecond.isEmpty()) {
                bucket = null;
            } else if (bucket == null) {
                bucket = Bucket.empty(bytesPerSecond.getAsLong(), ticker.nanos());
            } else {
                bucket = bucket.at(ticker.nanos()).withRate(bytesPerSecond.getAsLong());
            }
        });
    }

    /**
     * Asks for a turn.
     *
     * @param client who shares turns with others as one, told apart by equality
     * @param bytes at most {@link #TURN_BYTES}
     * @param granted what to do then, once, on any thread, maybe before this returns; short and never blocking
     */
    public Turn ask(Object client, int bytes, Runnable granted) {
        if (bytes < 0 || bytes > TURN_BYTES) {
            throw new IllegalArgumentException("no turn has " + bytes + " bytes");
        }
        Turn turn = new Turn(client, bytes, granted);
        serve(() -> waiting.computeIfAbsent(client, _ -> new ArrayDeque<>()).add(turn));
        return turn;
    }

    /** Lets go of a turn; no effect when it was granted, and its bytes are lost then. */
    public void cancel(Turn turn) {
        serve(() -> {
            Queue<Turn> turns = waiting.get(turn.client);
            if (turns != null && turns.remove(turn) && turns.isEmpty()) {
                waiting.remove(turn.client);
            }
        });
    }

    private void serve(Runnable change) {
        List<Turn> granted = new ArrayList<>();
        lock.lock();
        try {
            change.run();
            handOut(granted);
        } finally {
            lock.unlock();
        }
        granted.forEach(turn -> turn.granted.run());
    }

    private void handOut(List<Turn> granted) {
        if (waiting.isEmpty()) {
            return;
        }
        Bucket now = bucket == null ? null : bucket.at(ticker.nanos());
        while (!waiting.isEmpty()) {
            Turn next = waiting.firstEntry().getValue().element();
            if (now != null) {
                if (!now.holds(next.bytes)) {
                    wake(now.until(next.bytes));
                    break;
                }
                now = now.without(next.bytes);
                pacedBytes.add(next.bytes);
            }
            granted.add(next);
            pass();
        }
        bucket = now;
    }

    /** The first client had its turn, and is last now. */
    private void pass() {
        var first = waiting.pollFirstEntry();
        Queue<Turn> turns = first.getValue();
        turns.remove();
        if (!turns.isEmpty()) {
            waiting.putLast(first.getKey(), turns);
        }
    }

    private void wake(Duration pause) {
        if (!alarmSet) {
            alarmSet = true;
            var _ = timer.after(
                    pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause, () -> serve(() -> alarmSet = false));
        }
    }
}
