package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.engine.guard.Figures;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.guard.Rules;
import io.edgedownload.engine.time.ManualTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard on files that a test writes, and what it tells of them. */
final class NetworkGuardTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Rules RULES = new Rules(20, 8, 100, Duration.ofSeconds(10), 80, Duration.ofSeconds(3));

    private final ManualTicker ticker = new ManualTicker();
    private final EgressLimit limit = new EgressLimit(new Pacer(ticker, ticker), ticker, ticker);
    private final List<String> told = new ArrayList<>();
    private final Path snmp;
    private final NetworkGuard guard;

    private final class Told implements NetworkGuard.Listener {
        @Override
        public void off(String reason) {
            told.add("off");
        }

        @Override
        public void blind(String reason) {
            told.add("blind");
        }

        @Override
        public void changed(Cause cause, boolean holds, Figures figures, long bytesPerSecond) {
            told.add(cause + " " + holds + " " + figures.established());
        }
    }

    NetworkGuardTest(@TempDir Path folder) {
        snmp = folder.resolve("snmp");
        guard = guard(true);
    }

    private NetworkGuard guard(boolean enabled) {
        return new NetworkGuard(
                new NetworkGuard.Settings(enabled, snmp, SECOND, 1_000_000, RULES),
                limit,
                new Told(),
                Runnable::run,
                ticker,
                ticker);
    }

    @Test
    void entersAndLeavesOnceWithTheFigures() throws Exception {
        counters(3, 0, 0);
        guard.start();
        counters(21, 0, 0);
        ticker.advance(SECOND);
        assertEquals(OptionalLong.of(1_000_000), limit.bytesPerSecond());
        ticker.advance(Duration.ofHours(1));
        assertTrue(guard.isLimiting());
        counters(2, 0, 0);
        ticker.advance(Duration.ofSeconds(4));
        assertEquals(OptionalLong.empty(), limit.bytesPerSecond());
        assertEquals(List.of("CONNECTIONS true 21", "CONNECTIONS false 2"), told);
    }

    @Test
    void retransmitsAreTheOtherCause() throws Exception {
        counters(3, 5_000, 5_000);
        guard.start();
        counters(3, 5_100, 5_009);
        ticker.advance(SECOND);
        assertEquals(List.of("RETRANSMITS true 3"), told);
        assertEquals(new Figures(3, 100, 9), guard.figures());
    }

    @Test
    void withoutTheFileItIsOffAndSaysSoOnce() {
        guard.start();
        ticker.advance(Duration.ofHours(1));
        assertEquals(List.of("off"), told);
        assertEquals(NetworkGuard.Sight.OFF, guard.sight());
        assertEquals(0, ticker.alarms());
    }

    @Test
    void switchedOffItSaysNothing() throws Exception {
        counters(100, 0, 0);
        guard(false).start();
        assertEquals(List.of(), told);
        assertEquals(0, ticker.alarms());
    }

    @Test
    void aFileThatCannotBeReadForAWhileIsToldOnceAndTheLimitEndsByItself() throws Exception {
        counters(21, 0, 0);
        guard.start();
        Files.writeString(snmp, "nothing");
        ticker.advance(Duration.ofSeconds(9));
        assertEquals(NetworkGuard.Sight.BLIND, guard.sight());
        assertEquals(OptionalLong.of(1_000_000), limit.bytesPerSecond());
        ticker.advance(Duration.ofSeconds(20));
        assertEquals(OptionalLong.empty(), limit.bytesPerSecond());
        counters(21, 0, 0);
        ticker.advance(SECOND);
        assertEquals(OptionalLong.of(1_000_000), limit.bytesPerSecond());
        assertEquals(List.of("CONNECTIONS true 21", "blind"), told);
    }

    private void counters(long established, long sent, long retransmitted) throws IOException {
        Files.writeString(
                snmp,
                "Tcp: CurrEstab OutSegs RetransSegs\nTcp: %d %d %d\n".formatted(established, sent, retransmitted));
    }
}
