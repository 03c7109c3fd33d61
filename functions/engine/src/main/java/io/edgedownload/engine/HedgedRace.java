package io.edgedownload.engine;

import io.edgedownload.engine.fetch.Fetched;
import io.edgedownload.engine.fetch.Fetcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One fetch, and a second one when the first one's answer has not begun after a while. The first that is complete ends the other.
 * Each has a thread of its own, so that either can be interrupted; none outlives the race. Made for one race.
 */
final class HedgedRace {
    private final Fetcher fetcher;
    private final BlockingQueue<Finish> finishes = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * How a fetch ended.
     *
     * @param fetched null when the other one was faster, or at an error
     */
    record Finish(
            FetchRun run,
            @Nullable Fetched fetched,
            @Nullable Throwable error) {
        private boolean isComplete() {
            return fetched instanceof Fetched.Complete;
        }

        private void discard() {
            if (fetched != null) {
                fetched.release();
            }
        }
    }

    HedgedRace(Fetcher fetcher) {
        this.fetcher = fetcher;
    }

    /**
     * Blocks until both have ended, also when it is interrupted.
     *
     * @param patience from the first one's connection on
     * @param second asked for when the first one is late; null when there is to be none
     * @return in the order in which they ended
     */
    List<Finish> run(FetchRun first, Duration patience, Supplier<@Nullable FetchRun> second)
            throws InterruptedException {
        List<Finish> ended = new ArrayList<>();
        boolean over = false;
        try {
            race(first, patience, second, ended);
            over = true;
        } finally {
            stop();
            finishes.drainTo(ended);
            if (!over) {
                ended.forEach(Finish::discard);
            }
        }
        rethrow(ended);
        return ended;
    }

    private void race(FetchRun first, Duration patience, Supplier<@Nullable FetchRun> second, List<Finish> ended)
            throws InterruptedException {
        var connectedOrEnded = new CountDownLatch(1);
        var _ = first.attempt().connected().thenRun(connectedOrEnded::countDown);
        start(first, connectedOrEnded::countDown);
        connectedOrEnded.await();
        Finish earliest = finishes.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (earliest == null) {
            FetchRun other = first.attempt().couldBeElsewhere() ? second.get() : null;
            if (other != null) {
                start(other, () -> {});
            }
            earliest = finishes.take();
        }
        ended.add(earliest);
        if (!earliest.isComplete() && threads.size() > 1) {
            ended.add(finishes.take());
        }
    }

    private void start(FetchRun run, Runnable atEnd) {
        threads.add(Thread.ofVirtual().name("fetch").start(() -> {
            finishes.add(finish(run));
            atEnd.run();
        }));
    }

    private Finish finish(FetchRun run) {
        try {
            return new Finish(run, fetcher.fetch(run.query(), run.attempt(), run.deadline()), null);
        } catch (InterruptedException outrun) {
            return new Finish(run, null, null);
        } catch (RuntimeException | Error e) {
            return new Finish(run, null, e);
        }
    }

    /** Ends those that still run and waits for them: what they read must not be released before. */
    private void stop() {
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(List<Finish> ended) {
        for (Finish finish : ended) {
            if (finish.error() != null) {
                ended.forEach(Finish::discard);
                throw new IllegalStateException("an attempt ended by an error", finish.error());
            }
        }
    }
}
