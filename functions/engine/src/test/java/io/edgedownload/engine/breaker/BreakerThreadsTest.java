package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.engine.breaker.Admission.Admitted;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Real threads; the clock stands still while they run. */
final class BreakerThreadsTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 200;
    private static final long GOOD_NANOS = 1_000_000;

    private final ManualTicker ticker = new ManualTicker();
    private final ConcurrentLinkedQueue<BreakerChanged> events = new ConcurrentLinkedQueue<>();
    private final Breaker breaker = new Breaker("origin", Breaker.Settings.DEFAULTS, events::add, ticker);

    @Test
    void halfOpenAdmitsExactlyThreeOfMany() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            open();
            List<Permit> probes = admitted(together(breaker::admit));
            assertEquals(3, probes.size());
            probes.getFirst().failed(GOOD_NANOS);
            assertEquals(Status.OPEN, breaker.status());
        }
        assertEquals(1 + 2 * ROUNDS, events.size());
    }

    @Test
    void probesThatAreReportedAtOnceCloseItOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            open();
            events.clear();
            ConcurrentLinkedQueue<Permit> probes =
                    new ConcurrentLinkedQueue<>(List.of(admitted(), admitted(), admitted()));
            together(() -> {
                Permit probe = probes.poll();
                if (probe != null) {
                    probe.succeeded(GOOD_NANOS);
                }
                return Status.CLOSED;
            });
            assertEquals(
                    List.of(Status.HALF_OPEN, Status.CLOSED),
                    events.stream().map(BreakerChanged::to).toList());
        }
    }

    @Test
    void probesThatAreAbandonedMakeRoomForAsMany() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            open();
            together(() -> {
                if (breaker.admit() instanceof Admitted(Permit permit)) {
                    permit.abandoned();
                }
                return Status.HALF_OPEN;
            });
            List<Permit> probes = admitted(together(breaker::admit));
            assertEquals(3, probes.size());
            probes.getFirst().failed(GOOD_NANOS);
        }
    }

    @Test
    void noResultIsLostWhileItIsClosed() throws Exception {
        int each = 1_000;
        for (int second = 0; second < 31; second++) {
            together(() -> {
                for (int i = 0; i < each; i++) {
                    admitted().failed(GOOD_NANOS);
                }
                return Status.CLOSED;
            });
            ticker.advance(Duration.ofSeconds(1));
        }
        int requests = 30 * THREADS * each;
        Admission.Rejected rejected = assertInstanceOf(Admission.Rejected.class, breaker.admit());
        assertEquals(new Reason.LowSuccess(requests, requests), rejected.reason());
        assertEquals(1, events.size());
    }

    /** Leaves it so that the next request is a probe. */
    private void open() {
        for (int second = 0; second < 31 && breaker.status() == Status.CLOSED; second++) {
            for (int i = 0; i < 20; i++) {
                admitted().failed(GOOD_NANOS);
            }
            ticker.advance(Duration.ofSeconds(1));
        }
        assertEquals(Status.OPEN, breaker.status());
        ticker.advance(Duration.ofSeconds(60));
    }

    private Permit admitted() {
        return assertInstanceOf(Admitted.class, breaker.admit()).permit();
    }

    private static List<Permit> admitted(List<Admission> admissions) {
        return admissions.stream()
                .filter(Admitted.class::isInstance)
                .map(each -> ((Admitted) each).permit())
                .toList();
    }

    /** Runs it on all threads, which begin as one. */
    private static <T> List<T> together(Callable<T> step) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<T>> running = IntStream.range(0, THREADS)
                    .mapToObj(_ -> threads.submit(() -> {
                        start.await();
                        return step.call();
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        }
    }
}
