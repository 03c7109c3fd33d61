package io.edgedownload.engine.time;

/**
 * The one monotonic clock of the engine, after Caffeine's {@code Ticker}. Its values have no relation to wall time; only
 * differences mean anything, and they are compared by subtraction ({@code now - until >= 0}), so that an overflow of the
 * counter does no harm.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary origin that is fixed for the life of the process. */
    long nanos();

    /** The clock of the machine: never set back, not moved by changes of the wall clock. */
    static Ticker system() {
        return System::nanoTime;
    }
}
