package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The resolver of the operating system. Its look-ups can neither be cancelled nor given a deadline, so they run on a few
 * threads of their own, and a caller leaves when its deadline has passed. More than {@value #MAX_WAITING} look-ups behind
 * stuck ones are turned away as timed out.
 */
public final class SystemResolver implements Resolver {
    private static final int THREADS = 8;
    private static final int MAX_WAITING = 256;

    private final ThreadPoolExecutor lookups;

    public SystemResolver() {
        lookups = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("edge-resolve-", 0).factory());
        lookups.allowCoreThreadTimeOut(true);
    }

    @Override
    public Resolution resolve(String host, Deadline deadline) throws InterruptedException {
        Future<List<InetAddress>> lookup;
        try {
            lookup = lookups.submit(() -> List.of(InetAddress.getAllByName(host)));
        } catch (RejectedExecutionException e) {
            return new Resolution.TimedOut();
        }
        try {
            return new Resolution.Resolved(lookup.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            lookup.cancel(true);
            return new Resolution.TimedOut();
        } catch (InterruptedException e) {
            lookup.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                return new Resolution.NoAddress();
            }
            throw new IllegalStateException("look-up of a host failed", e.getCause());
        }
    }
}
