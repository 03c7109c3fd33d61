package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryBudgetTest {
    private final ManualTicker ticker = new ManualTicker();
    private final RetryBudget budget = new RetryBudget(RetryBudget.Settings.DEFAULTS, ticker);

    @Test
    void threeComeEach10sWithoutAnyRequest() {
        assertEquals(3, takeAll());
        ticker.advance(Duration.ofSeconds(10));
        assertEquals(3, takeAll());
        ticker.advance(Duration.ofHours(5));
        assertEquals(3, takeAll());
    }

    @Test
    void theyComeOneByOne() {
        takeAll();
        ticker.advance(Duration.ofMillis(3_333));
        assertEquals(0, takeAll());
        ticker.advance(Duration.ofMillis(1));
        assertEquals(1, takeAll());
    }

    @ParameterizedTest(name = "{0} requests: {1}")
    @CsvSource({"4, 0", "5, 1", "9, 1", "10, 2", "100, 20", "499, 99", "500, 100", "501, 100", "100000, 100"})
    void requestsEarnOneInFiveUpToABound(int requests, int tokens) {
        takeAll();
        began(requests);
        assertEquals(tokens, takeAll());
    }

    @Test
    void whatWasEarnedIsNotLostWithTime() {
        takeAll();
        began(50);
        ticker.advance(Duration.ofHours(1));
        assertEquals(10 + 3, takeAll());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void retriesNeverGoBeyondTheShareAndTheLeastTogether(long seed) {
        Random random = new Random(seed);
        int requests = 0;
        int retries = 0;
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(3) > 0) {
                budget.requestBegan();
                requests++;
            }
            ticker.advance(Duration.ofNanos(random.nextLong(2_000_000)));
            if (random.nextBoolean() && budget.tryTake()) {
                retries++;
            }
            double seconds = (ticker.nanos() - 1_000) / 1e9;
            assertTrue(retries <= requests * 0.2 + 3 + seconds * 0.3 + 1e-6);
        }
        assertTrue(retries >= requests * 0.2);
    }

    @Test
    void anOverflowOfTheClockDoesNoHarm() {
        ManualTicker late = new ManualTicker(Long.MAX_VALUE - 5_000_000_000L);
        RetryBudget other = new RetryBudget(RetryBudget.Settings.DEFAULTS, late);
        for (int i = 0; i < 3; i++) {
            assertTrue(other.tryTake());
        }
        late.advance(Duration.ofSeconds(10));
        assertTrue(other.tryTake());
    }

    @Test
    void threadsShareTheTokensExactly() {
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                threads.execute(() -> {
                    for (int i = 0; i < 25_000; i++) {
                        budget.requestBegan();
                        if (budget.tryTake()) {
                            taken.incrementAndGet();
                        }
                    }
                });
            }
        }
        assertEquals(20_000 + 3, taken.get() + takeAll());
    }

    @Test
    void withoutAnySettingOfItsOwnItTakesNone() {
        RetryBudget none = new RetryBudget(new RetryBudget.Settings(0, 0, Duration.ofSeconds(1), 1), ticker);
        none.requestBegan();
        ticker.advance(Duration.ofHours(1));
        assertEquals(false, none.tryTake());
    }

    @ParameterizedTest
    @CsvSource({"-1, 3, 10, 10", "101, 3, 10, 10", "20, -1, 10, 10", "20, 3, 0, 10", "20, 3, 86401, 10", "20, 3, 10, 0"
    })
    void whatMakesNoSenseIsRefused(int percent, int least, long perSeconds, int most) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RetryBudget.Settings(percent, least, Duration.ofSeconds(perSeconds), most));
    }

    private void began(int requests) {
        for (int i = 0; i < requests; i++) {
            budget.requestBegan();
        }
    }

    private int takeAll() {
        int taken = 0;
        while (budget.tryTake()) {
            taken++;
        }
        return taken;
    }
}
