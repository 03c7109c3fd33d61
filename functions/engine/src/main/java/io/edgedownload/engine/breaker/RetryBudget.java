package io.edgedownload.engine.breaker;

import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The tokens that retries and hedges share, so that together they add no more than a share to the load of origins that are in
 * trouble. Each request earns a part of a token; besides, a few tokens come with time, so that those who ask rarely may retry
 * too. What was not used is kept up to a bound.
 */
public final class RetryBudget {
    private static final int TOKEN = 100;

    private final Settings settings;
    private final long tokenNanos;
    private final Ticker ticker;
    private final AtomicReference<State> state;

    /**
     * @param percentOfRequests how many tokens 100 requests earn, 0 to 100
     * @param leastTokens how many come in each {@code leastPer} without any request, at least 0
     * @param mostEarned how many tokens that were earned are kept, at least 1
     */
    public record Settings(int percentOfRequests, int leastTokens, Duration leastPer, int mostEarned) {
        public static final Settings DEFAULTS = new Settings(20, 3, Duration.ofSeconds(10), 100);

        public Settings {
            if (percentOfRequests < 0 || percentOfRequests > 100) {
                throw new IllegalArgumentException("not a percentage: " + percentOfRequests);
            }
            if (leastTokens < 0 || mostEarned < 1 || mostEarned > Integer.MAX_VALUE / TOKEN) {
                throw new IllegalArgumentException("not numbers of tokens: " + leastTokens + ", " + mostEarned);
            }
            if (leastPer.isNegative() || leastPer.isZero() || leastPer.compareTo(Duration.ofHours(24)) > 0) {
                throw new IllegalArgumentException("not between nothing and 24 h: " + leastPer);
            }
        }
    }

    /**
     * @param earned hundredths of tokens that requests have earned
     * @param grownNanos the time that tokens have grown in and that was not spent, at most {@code leastPer}
     * @param atNanos when that was
     */
    private record State(int earned, long grownNanos, long atNanos) {}

    /** Begins with the tokens of one {@code leastPer}. */
    public RetryBudget(Settings settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.tokenNanos = settings.leastTokens() == 0
                ? Long.MAX_VALUE
                : settings.leastPer().toNanos() / settings.leastTokens();
        this.state = new AtomicReference<>(new State(0, settings.leastPer().toNanos(), ticker.nanos()));
    }

    /** A request goes out, not counting its retries and hedges. */
    public void requestBegan() {
        int most = settings.mostEarned() * TOKEN;
        for (; ; ) {
            State is = state.get();
            int earned = Math.min(most, is.earned() + settings.percentOfRequests());
            if (earned == is.earned() || state.compareAndSet(is, new State(earned, is.grownNanos(), is.atNanos()))) {
                return;
            }
        }
    }

    /** Takes the token of one retry or hedge, or false when there is none left; then it is not to be made. */
    public boolean tryTake() {
        for (; ; ) {
            State is = state.get();
            State grown = grown(is);
            State taken;
            if (grown.earned() >= TOKEN) {
                taken = new State(grown.earned() - TOKEN, grown.grownNanos(), grown.atNanos());
            } else if (grown.grownNanos() >= tokenNanos) {
                taken = new State(grown.earned(), grown.grownNanos() - tokenNanos, grown.atNanos());
            } else {
                return false;
            }
            if (state.compareAndSet(is, taken)) {
                return true;
            }
        }
    }

    private State grown(State is) {
        long now = ticker.nanos();
        // Another thread may have been here with a later time.
        long passed = Math.max(0, now - is.atNanos());
        long most = settings.leastPer().toNanos();
        return new State(is.earned(), Math.min(most, is.grownNanos() + Math.min(most, passed)), is.atNanos() + passed);
    }
}
