package io.edgedownload.engine.time;

import java.time.Duration;

/** Runs tasks at a later moment of the one clock. */
public interface Timer {
    /**
     * Runs the task once, unless it is cancelled before.
     *
     * @param delay from now; a negative one is none
     * @param task short and never blocking, for all tasks share a thread
     */
    Alarm after(Duration delay, Runnable task);

    /** A task that waits for its moment. */
    @FunctionalInterface
    interface Alarm {
        /** Lets go of the task; no effect when it runs or has run. */
        void cancel();
    }
}
