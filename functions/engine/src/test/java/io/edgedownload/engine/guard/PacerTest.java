package io.edgedownload.engine.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class PacerTest {
    private static final int TURN = Pacer.TURN_BYTES;

    private final ManualTicker ticker = new ManualTicker();
    private final Pacer pacer = new Pacer(ticker, ticker);
    private final List<String> turns = new ArrayList<>();

    @Test
    void withoutALimitEveryTurnIsGrantedAtOnce() {
        assertFalse(pacer.isLimited());
        ask("a", 1_000);
        assertEquals(1_000, turns.size());
        assertEquals(0, pacer.pacedBytes());
        assertEquals(0, ticker.alarms());
    }

    @Test
    void aSecondHasAsManyBytesAsTheLimit() {
        limit(10 * TURN);
        ask("a", 1_000);
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(10, turns.size());
        ticker.advance(Duration.ofSeconds(9));
        assertEquals(100, turns.size());
        assertEquals(100L * TURN, pacer.pacedBytes());
    }

    @Test
    void twoHundredMegabytesASecondAreThatManyToATurn() {
        limit(200_000_000);
        ask("a", 40_000);
        ticker.advance(Duration.ofSeconds(10));
        long most = 10 * 200_000_000L;
        assertTrue(pacer.pacedBytes() <= most, () -> pacer.pacedBytes() + " bytes");
        // No more is held back than what comes together between two wakes.
        assertTrue(pacer.pacedBytes() > most - 10 * TURN, () -> pacer.pacedBytes() + " bytes");
    }

    @Test
    void clientsHaveOneTurnEachHoweverMuchTheyAskFor() {
        limit(4 * TURN);
        ask("greedy", 50);
        ask("b", 2);
        ask("c", 2);
        ticker.advance(Duration.ofMillis(1_500));
        assertEquals(List.of("greedy", "b", "c", "greedy", "b", "c"), turns);
        ticker.advance(Duration.ofMillis(500));
        assertEquals(List.of("greedy", "greedy"), turns.subList(6, 8));
    }

    @Test
    void whoAsksAgainIsLast() {
        limit(TURN);
        again("a", 10);
        again("b", 10);
        again("c", 10);
        ticker.advance(Duration.ofSeconds(6));
        assertEquals(List.of("a", "b", "c", "a", "b", "c"), turns);
    }

    @Test
    void whatWasNotUsedIsLostBeyondATwentiethOfASecond() {
        limit(100 * TURN);
        ticker.advance(Duration.ofHours(1));
        ask("a", 50);
        assertEquals(5, turns.size());
    }

    @Test
    void aTurnThatIsLetGoGoesToTheNext() {
        limit(TURN);
        Pacer.Turn left = pacer.ask("a", TURN, () -> turns.add("a"));
        ask("b", 1);
        pacer.cancel(left);
        pacer.cancel(left);
        ticker.advance(Duration.ofSeconds(2));
        assertEquals(List.of("b"), turns);
        assertEquals(TURN, pacer.pacedBytes());
    }

    @Test
    void whenTheLimitIsLiftedAllWhoWaitGo() {
        limit(TURN);
        ask("a", 5);
        ask("b", 5);
        pacer.limit(OptionalLong.empty());
        assertFalse(pacer.isLimited());
        assertEquals(10, turns.size());
    }

    @Test
    void anotherLimitHoldsAtOnce() {
        limit(TURN);
        ask("a", 1_000);
        ticker.advance(Duration.ofSeconds(2));
        assertEquals(2, turns.size());
        limit(20 * TURN);
        // The one that waits was timed for the first limit.
        ticker.advance(Duration.ofSeconds(2));
        int before = turns.size();
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(20, turns.size() - before);
    }

    @Test
    void oneTurnASecondIsTheLeast() {
        limit(1);
        ask("a", 10);
        ticker.advance(Duration.ofSeconds(3));
        assertEquals(3, turns.size());
    }

    @Test
    void oneAlarmIsSetHoweverManyWait() {
        limit(TURN);
        ask("a", 100);
        ask("b", 100);
        assertEquals(1, ticker.alarms());
    }

    @Test
    void noTurnIsLargerThanATurn() {
        assertThrows(IllegalArgumentException.class, () -> pacer.ask("a", TURN + 1, () -> {}));
    }

    private void limit(long bytesPerSecond) {
        pacer.limit(OptionalLong.of(bytesPerSecond));
    }

    private void ask(String client, int times) {
        for (int time = 0; time < times; time++) {
            pacer.ask(client, TURN, () -> turns.add(client));
        }
    }

    /** Asks for the next turn when it has had one, as an answer does. */
    private void again(String client, int times) {
        if (times > 0) {
            pacer.ask(client, TURN, () -> {
                turns.add(client);
                again(client, times - 1);
            });
        }
    }
}
