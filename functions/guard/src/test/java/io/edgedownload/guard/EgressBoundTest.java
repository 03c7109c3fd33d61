package io.edgedownload.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EgressBoundTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final EgressBound bound = new EgressBound(1_000, nanos::get);

    @Test
    void theLowerOneHoldsUntilItEnds() {
        bound.order(400, Duration.ofSeconds(60));
        assertEquals(400, bound.now());
        nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        assertEquals(400, bound.now());
        nanos.incrementAndGet();
        assertEquals(1_000, bound.now());
    }

    @Test
    void anOrderRaisesNothing() {
        bound.order(4_000, Duration.ofSeconds(60));
        assertEquals(1_000, bound.now());
    }

    @Test
    void anOrderForNothingLetsSomethingThrough() {
        bound.order(0, Duration.ofSeconds(60));
        assertEquals(1, bound.now());
    }

    @Test
    void anOrderThatIsLiftedIsOver() {
        bound.order(400, Duration.ofSeconds(60));
        bound.lift();
        assertEquals(1_000, bound.now());
    }
}
