package io.edgedownload.engine.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemTimerTest {
    @Test
    void runsTasksInTheOrderOfTheirMoments() throws InterruptedException {
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch last = new CountDownLatch(1);
        try (SystemTimer timer = new SystemTimer()) {
            var _ = timer.after(Duration.ofMillis(40), () -> {
                ran.add("second");
                last.countDown();
            });
            var _ = timer.after(Duration.ofMillis(-1), () -> ran.add("first"));

            assertTrue(last.await(10, TimeUnit.SECONDS));
        }

        assertEquals(List.of("first", "second"), ran);
    }

    @Test
    void goesOnAfterATaskThatFails() throws InterruptedException {
        CountDownLatch after = new CountDownLatch(1);
        try (SystemTimer timer = new SystemTimer()) {
            var _ = timer.after(Duration.ZERO, () -> {
                throw new IllegalStateException("expected in the log");
            });
            var _ = timer.after(Duration.ZERO, after::countDown);

            assertTrue(after.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void doesNotRunWhatWasCancelled() throws InterruptedException {
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch after = new CountDownLatch(1);
        try (SystemTimer timer = new SystemTimer()) {
            timer.after(Duration.ofMillis(20), () -> ran.add("cancelled")).cancel();
            var _ = timer.after(Duration.ofMillis(40), after::countDown);

            assertTrue(after.await(10, TimeUnit.SECONDS));
        }

        assertEquals(List.of(), ran);
    }

    @Test
    void anAlarmThatIsSetAfterTheEndIsLetGoOf() {
        List<String> ran = new CopyOnWriteArrayList<>();
        SystemTimer timer = new SystemTimer();
        timer.close();
        timer.after(Duration.ZERO, () -> ran.add("late")).cancel();

        assertEquals(List.of(), ran);
    }
}
