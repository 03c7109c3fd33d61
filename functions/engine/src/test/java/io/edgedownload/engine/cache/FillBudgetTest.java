package io.edgedownload.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FillBudgetTest {
    private static final int UNIT = 64 << 10;

    private final ManualTicker ticker = new ManualTicker();
    private final FillBudget budget = new FillBudget(4 * UNIT);

    @Test
    void chargesWholeUnits() throws InterruptedException {
        FillBudget.Charge charge = acquire(UNIT + 1);
        assertEquals(2 * UNIT, budget.chargedBytes());
        charge.freed();
        assertEquals(0, budget.chargedBytes());
    }

    @Test
    void refusesWhenTheWaitIsOver() throws InterruptedException {
        acquire(4 * UNIT);
        assertNull(budget.acquire(1, Deadline.after(Duration.ofMillis(1), ticker)));
        assertEquals(4 * UNIT, budget.chargedBytes());
    }

    @Test
    void aChunkLargerThanAllOfItTakesAllOfIt() throws InterruptedException {
        FillBudget.Charge charge = acquire(Integer.MAX_VALUE - UNIT);
        assertEquals(4 * UNIT, budget.chargedBytes());
        charge.freed();
        assertEquals(0, budget.chargedBytes());
    }

    @Test
    void isNeverSmallerThanOneUnit() throws InterruptedException {
        FillBudget tiny = new FillBudget(0);
        assertNotNull(tiny.acquire(16 << 20, Deadline.after(Duration.ZERO, ticker)));
        assertEquals(UNIT, tiny.chargedBytes());
    }

    @Test
    void memoryGoesToTheLongestWaiting() throws InterruptedException {
        FillBudget.Charge all = acquire(4 * UNIT);
        BlockingQueue<String> served = new LinkedBlockingQueue<>();
        List<Thread> waiting = new ArrayList<>();
        for (String name : List.of("large", "small", "last")) {
            int bytes = name.equals("large") ? 4 * UNIT : UNIT;
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    FillBudget.Charge charge = acquire(bytes);
                    served.add(name);
                    charge.freed();
                } catch (InterruptedException e) {
                    served.add(name + " was interrupted");
                }
            });
            untilItWaits(thread);
            waiting.add(thread);
        }
        all.freed();
        for (Thread thread : waiting) {
            thread.join();
        }
        // The small ones would fit before the large one, but it came first.
        assertEquals("large", served.poll(10, TimeUnit.SECONDS));
        assertEquals(2, served.size());
        assertEquals(0, budget.chargedBytes());
    }

    @Test
    void whatTheCacheKeepsIsNotCharged() throws InterruptedException {
        FillBudget.Charge charge = acquire(3 * UNIT);
        charge.cached();
        assertEquals(0, budget.chargedBytes());
        charge.dropped();
        assertEquals(3 * UNIT, budget.chargedBytes());
        charge.freed();
        assertEquals(0, budget.chargedBytes());
    }

    @Test
    void whatTheCacheDropsIsChargedEvenBeyondTheBound() throws InterruptedException {
        FillBudget.Charge held = acquire(4 * UNIT);
        held.cached();
        FillBudget.Charge other = acquire(4 * UNIT);
        held.dropped();
        assertEquals(8 * UNIT, budget.chargedBytes());
        other.freed();
        assertNull(budget.acquire(1, Deadline.after(Duration.ZERO, ticker)), "the dropped chunk is still held");
        held.freed();
        assertNotNull(budget.acquire(1, Deadline.after(Duration.ZERO, ticker)));
    }

    @Test
    void givesEachChargeBackOnce() throws InterruptedException {
        FillBudget.Charge charge = acquire(UNIT);
        charge.freed();
        charge.freed();
        charge.cached();
        assertEquals(0, budget.chargedBytes());
    }

    private FillBudget.Charge acquire(int lengthBytes) throws InterruptedException {
        FillBudget.Charge charge = budget.acquire(lengthBytes, Deadline.after(Duration.ofSeconds(30), ticker));
        if (charge == null) {
            throw new AssertionError("no memory in 30 s");
        }
        return charge;
    }

    private static void untilItWaits(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            if (thread.getState() == Thread.State.TERMINATED) {
                throw new AssertionError("it did not wait");
            }
            Thread.onSpinWait();
        }
    }
}
