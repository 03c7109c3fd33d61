package io.edgedownload.edge;

import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * A virtual thread for each task that has to wait. Unlike Quarkus' own executor it does not hand on the caller's Vert.x context:
 * what runs here is not on an event loop and must not look as if it were. The trace it does hand on.
 */
@Singleton
final class WaitingThreads implements Executor {
    private final ThreadFactory threads = Thread.ofVirtual().name("edge-", 0).factory();

    @Override
    public void execute(Runnable task) {
        threads.newThread(Context.current().wrap(task)).start();
    }
}
