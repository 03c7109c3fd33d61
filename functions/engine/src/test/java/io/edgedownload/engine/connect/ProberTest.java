package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProberTest {
    private static final Limits.Probing SETTINGS =
            new Limits.Probing(Duration.ofSeconds(15), Duration.ofMillis(800), 2, Duration.ofSeconds(30));
    private static final Peer PEER = peer(80);

    private final ManualTicker ticker = new ManualTicker();
    private final List<Peer> toProbe = new ArrayList<>(List.of(PEER));
    private final List<CompletableFuture<Void>> probes = new ArrayList<>();
    private final List<Peer> probed = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Prober prober = new Prober(this::connect, ticker, () -> SETTINGS, new Prober.Subject() {
        @Override
        public List<Peer> toProbe() {
            return toProbe;
        }

        @Override
        public void probed(Peer peer, boolean answered) {
            told.add(peer.origin().port() + (answered ? " answers" : " fails"));
        }
    });

    @Test
    void oneRoundFollowsAnotherAtTheInterval() {
        prober.arm();
        prober.arm();
        ticker.advance(Duration.ofMillis(14_999));
        assertEquals(0, probes.size());
        ticker.advance(Duration.ofMillis(1));
        assertEquals(1, probes.size());
        ticker.advance(Duration.ofSeconds(15));
        assertEquals(2, probes.size());
    }

    @Test
    void aRoundCanBeginAtOnceWhenNoneIsToCome() {
        prober.armNow();
        ticker.advance(Duration.ZERO);
        assertEquals(1, probes.size());
        prober.armNow();
        ticker.advance(Duration.ZERO);
        assertEquals(1, probes.size());
    }

    @Test
    void aProbeTellsWhatCameOfIt() {
        prober.armNow();
        ticker.advance(Duration.ZERO);
        probes.getLast().complete(null);
        ticker.advance(Duration.ofSeconds(15));
        probes.getLast().completeExceptionally(new IllegalStateException("refused"));
        assertEquals(List.of("80 answers", "80 fails"), told);
    }

    @Test
    void aProbeWithoutAnAnswerFailsInTime() {
        prober.armNow();
        ticker.advance(Duration.ofMillis(799));
        assertEquals(List.of(), told);
        ticker.advance(Duration.ofMillis(1));
        assertEquals(List.of("80 fails"), told);
        assertTrue(probes.getLast().isCancelled());
    }

    @Test
    void withNothingToProbeNoTimerIsLeft() {
        toProbe.clear();
        prober.arm();
        ticker.advance(Duration.ofSeconds(15));
        assertEquals(0, ticker.alarms());
        toProbe.add(PEER);
        prober.arm();
        ticker.advance(Duration.ofSeconds(15));
        assertEquals(1, probes.size());
    }

    @Test
    void roundsTakeTurnsWhereThereIsTooMuchForOne() {
        toProbe.clear();
        IntStream.rangeClosed(1, Prober.MOST + 1).mapToObj(ProberTest::peer).forEach(toProbe::add);
        prober.armNow();
        ticker.advance(Duration.ZERO);
        assertEquals(Prober.MOST, probed.size());
        ticker.advance(Duration.ofSeconds(15));
        assertEquals(2 * Prober.MOST, probed.size());
        assertEquals(new HashSet<>(toProbe), new HashSet<>(probed));
    }

    @Test
    void nothingIsProbedOrToldAfterTheEnd() {
        prober.armNow();
        ticker.advance(Duration.ZERO);
        prober.close();
        probes.getLast().complete(null);
        ticker.advance(Duration.ofMinutes(1));
        prober.arm();
        assertEquals(1, probes.size());
        assertEquals(List.of(), told);
        assertEquals(0, ticker.alarms());
    }

    private CompletableFuture<Void> connect(Peer peer) {
        probed.add(peer);
        probes.add(new CompletableFuture<>());
        return probes.getLast();
    }

    private static Peer peer(int port) {
        return new Peer(new Origin(false, "files.example", port), InetAddress.ofLiteral("192.0.2.1"));
    }
}
