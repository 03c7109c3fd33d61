package io.edgedownload.engine.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which an invocation must have answered. One is made when a request comes in; every step takes it as its
 * last argument and may hand on an earlier one, never a later: no method here can move it back.
 *
 * @param atNanos the moment, in the time of {@code ticker}
 * @param ticker the clock that the deadline is read against
 */
public record Deadline(long atNanos, Ticker ticker) {
    /** The longest budget; far beyond every platform's limit, and far from an overflow of the counter. */
    public static final Duration LONGEST = Duration.ofHours(24);

    /** A deadline {@code budget} from now; a negative budget is one that has passed, one over 24 h is 24 h. */
    public static Deadline after(Duration budget, Ticker ticker) {
        return new Deadline(ticker.nanos() + clamp(budget), ticker);
    }

    /** What is left, at least zero. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** What is left in nanoseconds, at least zero. */
    public long remainingNanos() {
        return Math.max(0, atNanos - ticker.nanos());
    }

    /** What is left in whole milliseconds, rounded up, so that a wait of that long does not end just before it. */
    public long remainingMillis() {
        return (remainingNanos() + 999_999) / 1_000_000;
    }

    public boolean passed() {
        return ticker.nanos() - atNanos >= 0;
    }

    /** Whether something can begin that needs at least {@code minimum}; nothing can when the deadline has passed. */
    public boolean allows(Duration minimum) {
        return !passed() && remaining().compareTo(minimum) >= 0;
    }

    /** The earlier of this one and {@code limit} from now: the deadline of one step. */
    public Deadline within(Duration limit) {
        return earlier(ticker.nanos() + clamp(limit));
    }

    /**
     * The earlier of this one and a moment of the wall clock, which is read this once: what it is set to later moves no
     * deadline. A moment that is over has passed.
     */
    public Deadline until(Instant moment, InstantSource clock) {
        return within(Duration.between(clock.instant(), moment));
    }

    /**
     * An earlier deadline that keeps {@code reserve} for what comes after the step, but at most a fifth of what is left:
     * a short budget is spent on the attempt rather than on the way out. To be taken once for all attempts that share the
     * reserve: taken again later it is a fifth of what is left then.
     */
    public Deadline keeping(Duration reserve) {
        return earlier(atNanos - Math.min(clamp(reserve), remainingNanos() / 5));
    }

    /**
     * Blocks until the stage has ended or the deadline has passed; to be called on a virtual thread.
     *
     * @throws TimeoutException when the deadline passed first; the stage goes on
     * @throws ExecutionException with the stage's failure as its cause
     */
    public <T extends @Nullable Object> T await(CompletionStage<T> stage)
            throws InterruptedException, TimeoutException, ExecutionException {
        return stage.toCompletableFuture().get(remainingNanos(), TimeUnit.NANOSECONDS);
    }

    private Deadline earlier(long otherNanos) {
        return otherNanos - atNanos < 0 ? new Deadline(otherNanos, ticker) : this;
    }

    private static long clamp(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
    }
}
