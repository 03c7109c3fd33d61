package io.edgedownload.engine.time;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** A timer on one daemon thread of the machine's clock. Its queue is bounded by those who set alarms, one or two a wait. */
public final class SystemTimer implements Timer, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SystemTimer.class);

    private final ScheduledThreadPoolExecutor thread;

    public SystemTimer() {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("edge-timer").factory());
        // Most waits end before their alarm: kept until then, those alarms would hold on to what they would have told.
        thread.setRemoveOnCancelPolicy(true);
        // What runs on after the end sets alarms too; they are let go of as those that waited were.
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled = thread.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a timed task failed", e);
        }
    }

    /** Lets go of all tasks that wait. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
