package io.edgedownload.engine.breaker;

import io.edgedownload.engine.breaker.Admission.Admitted;
import io.edgedownload.engine.breaker.Admission.Rejected;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Admits requests to one origin while it is well, by two indicators: the share of requests that succeed and the P95 of their
 * response times, over a window of time.
 *
 * <ul>
 *   <li>Closed: all are admitted and counted. The window is judged at the beginning of each bucket of time, over the full
 *       buckets before it, by whoever asks or reports first in that bucket; beginnings that nobody came by are judged then too. So its state depends on results and their times alone, not on when somebody looked. When at least
 *       {@code minRequests} were counted and either indicator is over its limit at each beginning throughout {@code hold}, it
 *       opens; one good beginning starts the wait anew.
 *   <li>Open: none is admitted for {@code openFor}.
 *   <li>Half-open: so many {@code probes} are admitted, no more. All have to succeed in time: then it closes, with an empty
 *       window. The first one that fails, takes longer than {@code maxP95} or is not reported within {@code probeLimit} opens
 *       it again. A probe that is abandoned makes room for another. It becomes half-open too when it is closed and {@link
 *       #suspect() suspected}.
 * </ul>
 *
 * <p>What was admitted in an earlier state counts nowhere. While it is closed, a request allocates nothing; a window holds at
 * most 2 KiB a bucket, 60 KiB by default.
 */
public final class Breaker {
    private final String origin;
    private final Settings settings;
    private final Consumer<BreakerChanged> listener;
    private final Ticker ticker;
    private final Judge judge;
    private final long slowNanos;
    private final AtomicReference<State> state;
    private final Throughput throughput;

    /**
     * The numbers of a breaker.
     *
     * @param bucket the length of one bucket of time, and so how often the window is judged; at least 1 ms
     * @param buckets how many of them make a window, 1 to 300
     * @param minRequests how many requests a window needs to be judged at all, at least 1
     * @param minSuccessPercent the least share of them that has to succeed, 0 to 100
     * @param maxP95 the longest good P95 of their response times, 1 ms to 30 s
     * @param hold for how long an indicator has to be over its limit
     * @param openFor for how long it stays open
     * @param probes how many probes decide, at least 1
     * @param probeLimit how long a probe may go unreported; longer than {@code maxP95}
     */
    public record Settings(
            Duration bucket,
            int buckets,
            int minRequests,
            int minSuccessPercent,
            Duration maxP95,
            Duration hold,
            Duration openFor,
            int probes,
            Duration probeLimit) {
        private static final Duration LONGEST = Duration.ofHours(24);

        public static final Settings DEFAULTS = new Settings(
                Duration.ofSeconds(1),
                30,
                20,
                90,
                Duration.ofMillis(800),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                3,
                Duration.ofSeconds(10));

        public Settings {
            between("bucket", bucket, Duration.ofMillis(1), LONGEST);
            between("buckets", buckets, 1, 300);
            between("minRequests", minRequests, 1, Integer.MAX_VALUE);
            between("minSuccessPercent", minSuccessPercent, 0, 100);
            between("maxP95", maxP95, Duration.ofMillis(1), Duration.ofSeconds(30));
            between("hold", hold, Duration.ZERO, LONGEST);
            between("openFor", openFor, Duration.ofMillis(1), LONGEST);
            between("probes", probes, 1, Integer.MAX_VALUE);
            between("probeLimit", probeLimit, maxP95.plusNanos(1), LONGEST);
        }

        private static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "breaker: " + name + " is " + value + ", not between " + least + " and " + most);
            }
        }
    }

    /**
     * @param origin what the breaker is for, as its events name it
     * @param listener hears of each change once it has happened, on the thread that brought it about: it must not block
     */
    public Breaker(String origin, Settings settings, Consumer<BreakerChanged> listener, Ticker ticker) {
        this.origin = origin;
        this.settings = settings;
        this.listener = listener;
        this.ticker = ticker;
        this.judge = new Judge(settings);
        this.slowNanos = settings.maxP95().toNanos();
        this.state = new AtomicReference<>(closed(0, ticker.nanos()));
        this.throughput = new Throughput(ticker);
    }

    /** Asks to send a request now. */
    public Admission admit() {
        // Of all calls the most frequent one: it does not even read the clock.
        if (state.get() instanceof State.Closed closed && judge.staysClosedWithoutResults(closed)) {
            return closed.admitted();
        }
        long now = ticker.nanos();
        for (; ; ) {
            switch (current(now)) {
                case State.Closed closed -> {
                    return closed.admitted();
                }
                case State.Open open -> {
                    if (now - open.untilNanos() < 0) {
                        return new Rejected(Duration.ofNanos(open.untilNanos() - now), open.reason());
                    }
                    State halfOpen = new State.HalfOpen(open.epoch() + 1, 0, 0, now, open.reason());
                    change(open, halfOpen, new Reason.OpenLongEnough());
                }
                case State.HalfOpen halfOpen -> {
                    if (halfOpen.given() == settings.probes()) {
                        return new Rejected(Duration.ofNanos(overdueNanos(halfOpen) - now), halfOpen.reason());
                    }
                    if (state.compareAndSet(halfOpen, halfOpen.withGiven(now))) {
                        return new Admitted(new ProbePermit(this, halfOpen.epoch()));
                    }
                }
            }
        }
    }

    /**
     * Others have found the origin sick: when it is closed it becomes half-open, so that a few probes decide. Any other state knows
     * more than others do.
     */
    public void suspect() {
        long now = ticker.nanos();
        Reason reason = new Reason.Suspected();
        while (current(now) instanceof State.Closed closed) {
            if (change(closed, new State.HalfOpen(closed.epoch() + 1, 0, 0, now, reason), reason)) {
                return;
            }
        }
    }

    /** How fast its origin's answers come. */
    public Throughput throughput() {
        return throughput;
    }

    /** How long a response time is a good one. */
    public Duration maxP95() {
        return settings.maxP95();
    }

    /** The state now. One that was open for long enough is half-open only when the next request asks. */
    public Status status() {
        return current(ticker.nanos()).status();
    }

    /** The P95 of the response times, within 2 %, while it is closed and has counted enough requests to be judged by. */
    public Optional<Duration> p95() {
        return switch (current(ticker.nanos())) {
            case State.Closed closed
            when closed.tally().requests() >= settings.minRequests() ->
                Optional.of(Duration.ofNanos(closed.tally().p95Nanos()));
            case State.Closed _, State.Open _, State.HalfOpen _ -> Optional.empty();
        };
    }

    /** Whether nothing is lost without it: it is closed, and nobody has reported for as long as its window reaches back. */
    boolean isIdle() {
        long window = settings.bucket().toNanos() * settings.buckets();
        return state.get() instanceof State.Closed closed
                && ticker.nanos() - closed.current().endNanos() >= window;
    }

    void count(long epoch, boolean failed, long durationNanos) {
        if (current(ticker.nanos()) instanceof State.Closed closed && closed.epoch() == epoch) {
            closed.current().count(failed, durationNanos > slowNanos, durationNanos);
        }
    }

    void probeSucceeded(long epoch, long durationNanos) {
        if (durationNanos > slowNanos) {
            reopen(epoch, new Reason.ProbeSlow(Duration.ofNanos(durationNanos)));
            return;
        }
        long now = ticker.nanos();
        while (current(now) instanceof State.HalfOpen halfOpen && halfOpen.epoch() == epoch) {
            boolean decides = halfOpen.succeeded() + 1 == settings.probes();
            if (decides
                    ? change(halfOpen, closed(epoch + 1, now), new Reason.ProbesSucceeded())
                    : state.compareAndSet(halfOpen, halfOpen.withSucceeded())) {
                return;
            }
        }
    }

    void probeFailed(long epoch) {
        reopen(epoch, new Reason.ProbeFailed());
    }

    void probeAbandoned(long epoch) {
        long now = ticker.nanos();
        while (current(now) instanceof State.HalfOpen halfOpen && halfOpen.epoch() == epoch) {
            if (state.compareAndSet(halfOpen, halfOpen.withAbandoned())) {
                return;
            }
        }
    }

    private void reopen(long epoch, Reason reason) {
        long now = ticker.nanos();
        while (current(now) instanceof State.HalfOpen halfOpen && halfOpen.epoch() == epoch) {
            change(halfOpen, open(halfOpen, now, reason), reason);
        }
    }

    /** The state, once time has done to it what it does by itself. */
    private State current(long now) {
        for (; ; ) {
            State is = state.get();
            switch (is) {
                case State.Closed closed
                when now - closed.current().endNanos() >= 0 -> replace(closed, judge.judge(closed, now));
                case State.HalfOpen halfOpen
                when isOverdue(halfOpen, now) -> {
                    Reason reason = new Reason.ProbeSlow(settings.probeLimit());
                    change(halfOpen, open(halfOpen, overdueNanos(halfOpen), reason), reason);
                }
                case State.Closed _, State.Open _, State.HalfOpen _ -> {
                    return is;
                }
            }
        }
    }

    private void replace(State.Closed closed, State judged) {
        switch (judged) {
            case State.Open open -> change(closed, open, open.reason());
            case State.Closed _, State.HalfOpen _ -> state.compareAndSet(closed, judged);
        }
    }

    private boolean isOverdue(State.HalfOpen halfOpen, long now) {
        return halfOpen.given() > halfOpen.succeeded() && now - overdueNanos(halfOpen) >= 0;
    }

    private long overdueNanos(State.HalfOpen halfOpen) {
        return halfOpen.lastGivenNanos() + settings.probeLimit().toNanos();
    }

    private State closed(long epoch, long now) {
        Admitted admitted = new Admitted(new CountedPermit(this, epoch));
        return new State.Closed(epoch, admitted, now, List.of(), judge.first(now), OptionalLong.empty(), Tally.EMPTY);
    }

    private State open(State.HalfOpen halfOpen, long since, Reason reason) {
        return new State.Open(halfOpen.epoch() + 1, since + settings.openFor().toNanos(), reason);
    }

    /** Changes the state and tells so, or false when another thread has changed it first. */
    private boolean change(State from, State to, Reason reason) {
        if (!state.compareAndSet(from, to)) {
            return false;
        }
        listener.accept(new BreakerChanged(origin, from.status(), to.status(), reason));
        return true;
    }
}
