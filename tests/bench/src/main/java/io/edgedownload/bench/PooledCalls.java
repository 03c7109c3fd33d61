package io.edgedownload.bench;

import io.edgedownload.engine.connect.Clocks;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Holder;
import io.edgedownload.engine.connect.Lease;
import io.edgedownload.engine.connect.Leasing;
import io.edgedownload.engine.connect.Limits;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.SourcePolicy;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.connect.Wanted;
import io.edgedownload.engine.connect.Wanted.Reuse;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** Callers of one origin, each of which asks again as soon as it was answered, by the functions' connector. */
final class PooledCalls {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final Origin origin;
    private final int bodyBytes;
    private final int callers;
    private final Ticker ticker = Ticker.system();

    /**
     * One round.
     *
     * @param reused how many of the requests went out on a connection that had carried one before
     */
    record Calls(long requests, long reused, Duration duration) {
        double perSecond() {
            return requests * 1e9 / duration.toNanos();
        }

        double reusedPercent() {
            return 100.0 * reused / requests;
        }

        double micros() {
            return duration.toNanos() / 1e3 / requests;
        }

        private Calls plus(Calls other) {
            return new Calls(requests + other.requests, reused + other.reused, duration);
        }
    }

    PooledCalls(Vertx vertx, Origin origin, int bodyBytes, int callers) {
        this.vertx = vertx;
        this.origin = origin;
        this.bodyBytes = bodyBytes;
        this.callers = callers;
    }

    /** Begins without any connection. */
    Calls measure(Reuse reuse, Duration duration) throws IOException, InterruptedException {
        try (SystemTimer timer = new SystemTimer();
                Connector connector = connector(timer);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long startNanos = System.nanoTime();
            long endNanos = startNanos + duration.toNanos();
            List<Future<Calls>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                running.add(threads.submit(() -> callUntil(endNanos, connector, reuse)));
            }
            Calls all = new Calls(0, 0, Duration.ZERO);
            for (Future<Calls> each : running) {
                all = all.plus(each.get());
            }
            return new Calls(all.requests(), all.reused(), Duration.ofNanos(System.nanoTime() - startNanos));
        } catch (ExecutionException failed) {
            throw new IOException("a request failed: " + failed.getCause(), failed);
        }
    }

    private Calls callUntil(long endNanos, Connector connector, Reuse reuse) throws Exception {
        long requests = 0;
        long reused = 0;
        while (System.nanoTime() - endNanos < 0) {
            requests++;
            if (call(connector, reuse)) {
                reused++;
            }
        }
        return new Calls(requests, reused, Duration.ZERO);
    }

    /** Whether it was on a connection that had been used before. */
    private boolean call(Connector connector, Reuse reuse)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Deadline deadline = Deadline.after(CALL_LIMIT, ticker);
        Wanted wanted = new Wanted(origin, Trust.SOURCE, HttpMethod.GET, "/", Holder.NOBODY, reuse, deadline);
        return switch (connector.lease(wanted, List.of(InetAddress.ofLiteral(Peer.HOST)), deadline)) {
            case Leasing.Leased(Lease lease) -> {
                exchange(lease, deadline);
                yield lease.reused();
            }
            case Leasing other -> throw new IOException("no connection: " + other);
        };
    }

    private void exchange(Lease lease, Deadline deadline)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try {
            // Before the request is sent: an answer that came in between would end without a reader.
            var body = lease.request().response().compose(HttpClientResponse::body);
            var _ = lease.request().end();
            int length = deadline.await(body.toCompletionStage()).length();
            if (length != bodyBytes) {
                throw new IOException("an answer of " + length + " bytes");
            }
        } finally {
            lease.end();
        }
    }

    /** With the defaults of the functions. */
    private Connector connector(SystemTimer timer) {
        Limits limits = new Limits(
                50,
                512,
                256,
                0.5,
                new Limits.Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(5)),
                new Limits.Probing(Duration.ofSeconds(15), Duration.ofMillis(800), 2, Duration.ofSeconds(30)));
        Clocks clocks = new Clocks(ticker, timer, InstantSource.system());
        return new Connector(vertx, new SourcePolicy(List.of(Peer.HOST)), limits, clocks, _ -> {});
    }
}
