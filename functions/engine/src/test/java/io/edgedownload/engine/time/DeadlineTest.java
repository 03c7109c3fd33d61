package io.edgedownload.engine.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlineTest {
    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void hasPassedAtItsMomentAndNotBefore() {
        Deadline deadline = Deadline.after(Duration.ofNanos(2), ticker);
        ticker.advance(Duration.ofNanos(1));
        assertFalse(deadline.passed());
        assertEquals(1, deadline.remainingNanos());
        ticker.advance(Duration.ofNanos(1));
        assertTrue(deadline.passed());
        assertEquals(Duration.ZERO, deadline.remaining());
    }

    @Test
    void nothingIsLeftLongAfterItsMoment() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), ticker);
        ticker.advance(Duration.ofDays(300));
        assertTrue(deadline.passed());
        assertEquals(0, deadline.remainingNanos());
        assertEquals(0, deadline.remainingMillis());
    }

    @Test
    void aNegativeBudgetHasPassedAndAnEndlessOneIsADay() {
        assertTrue(Deadline.after(Duration.ofSeconds(-1), ticker).passed());
        assertTrue(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE), ticker).passed());
        assertEquals(
                Deadline.LONGEST,
                Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), ticker).remaining());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 500, Long.MIN_VALUE, -1, 0})
    void theCounterMayOverflow(long startNanos) {
        ManualTicker odd = new ManualTicker(startNanos);
        Deadline deadline = Deadline.after(Duration.ofNanos(1_000), odd);
        assertFalse(deadline.passed());
        assertEquals(1_000, deadline.remainingNanos());
        assertEquals(600, deadline.within(Duration.ofNanos(600)).remainingNanos());
        assertSame(deadline, deadline.within(Duration.ofNanos(1_400)));
        odd.advance(Duration.ofNanos(999));
        assertFalse(deadline.passed());
        odd.advance(Duration.ofNanos(1));
        assertTrue(deadline.passed());
    }

    @Test
    void millisecondsAreRoundedUp() {
        assertEquals(1, Deadline.after(Duration.ofNanos(1), ticker).remainingMillis());
        assertEquals(1, Deadline.after(Duration.ofMillis(1), ticker).remainingMillis());
        assertEquals(2, Deadline.after(Duration.ofNanos(1_000_001), ticker).remainingMillis());
        assertEquals(0, Deadline.after(Duration.ZERO, ticker).remainingMillis());
    }

    @Test
    void keepsTheReserveButAtMostAFifth() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(100), ticker);
        assertEquals(
                Duration.ofSeconds(95), deadline.keeping(Duration.ofSeconds(5)).remaining());
        assertEquals(
                Duration.ofSeconds(80), deadline.keeping(Duration.ofSeconds(50)).remaining());
        assertSame(deadline, deadline.keeping(Duration.ZERO));
        assertSame(deadline, deadline.keeping(Duration.ofSeconds(-5)));
    }

    @Test
    void allowsWhatFitsIntoWhatIsLeft() {
        Deadline deadline = Deadline.after(Duration.ofMillis(50), ticker);
        assertTrue(deadline.allows(Duration.ofMillis(50)));
        assertFalse(deadline.allows(Duration.ofMillis(50).plusNanos(1)));
        assertFalse(deadline.allows(Duration.ofSeconds(Long.MAX_VALUE)));
        ticker.advance(Duration.ofNanos(1));
        assertFalse(deadline.allows(Duration.ofMillis(50)));
        assertTrue(deadline.allows(Duration.ofMillis(49)));
    }

    @Test
    void allowsNothingWhenItHasPassed() {
        Deadline deadline = Deadline.after(Duration.ofNanos(1), ticker);
        assertTrue(deadline.allows(Duration.ZERO));
        ticker.advance(Duration.ofNanos(1));
        assertFalse(deadline.allows(Duration.ZERO));
        assertFalse(deadline.allows(Duration.ofSeconds(-1)));
    }

    @Test
    void aMomentOfTheWallClockCountsWhereItIsEarlier() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), ticker);
        InstantSource clock = InstantSource.fixed(NOW);
        assertEquals(
                Duration.ofSeconds(3), deadline.until(NOW.plusSeconds(3), clock).remaining());
        assertSame(deadline, deadline.until(NOW.plusSeconds(11), clock));
        assertSame(deadline, deadline.until(Instant.MAX, clock));
    }

    @Test
    void aMomentThatIsOverHasPassed() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), ticker);
        InstantSource clock = InstantSource.fixed(NOW);
        assertTrue(deadline.until(NOW, clock).passed());
        assertTrue(deadline.until(NOW.minusNanos(1), clock).passed());
        assertTrue(deadline.until(Instant.MIN, clock).passed());
    }

    @Test
    void theWallClockMayBeSetWithoutMovingIt() {
        AtomicReference<Instant> wall = new AtomicReference<>(NOW);
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), ticker).until(NOW.plusSeconds(3), wall::get);
        for (Instant jumped : List.of(NOW.plus(Duration.ofDays(1)), NOW.minus(Duration.ofDays(1)), Instant.EPOCH)) {
            wall.set(jumped);
            assertEquals(Duration.ofSeconds(3), deadline.remaining());
            assertFalse(deadline.passed());
        }
        ticker.advance(Duration.ofSeconds(3));
        assertTrue(deadline.passed());
    }

    @Test
    void awaitGivesWhatTheStageBrought() throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), ticker);
        assertEquals("done", deadline.await(CompletableFuture.completedFuture("done")));
    }

    @Test
    void awaitLeavesAtTheDeadlineAndTheStageGoesOn() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Deadline passed = Deadline.after(Duration.ZERO, ticker);
        assertThrows(TimeoutException.class, () -> passed.await(stage));
        assertThrows(
                TimeoutException.class,
                () -> Deadline.after(Duration.ofMillis(1), ticker).await(stage));
        assertFalse(stage.isDone());
    }

    @Test
    void awaitTellsWhyTheStageFailed() {
        IOException cause = new IOException("cut");
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), ticker);
        ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> deadline.await(CompletableFuture.failedFuture(cause)));
        assertSame(cause, thrown.getCause());
    }
}
