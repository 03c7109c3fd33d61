package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.connect.AddressHealth.Change;
import io.edgedownload.engine.time.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AddressHealthTest {
    private static final Origin ORIGIN = new Origin(true, "files.example", 443);
    private static final Peer PEER = new Peer(ORIGIN, InetAddress.ofLiteral("192.0.2.1"));
    private static final Peer SIBLING = new Peer(ORIGIN, InetAddress.ofLiteral("192.0.2.2"));
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTicker ticker = new ManualTicker();
    private final AddressHealth health = new AddressHealth(ticker);

    @Test
    void anAddressIsDemotedOnceAndByItself() {
        assertTrue(health.demote(PEER));
        assertFalse(health.demote(PEER));
        assertTrue(health.isDemoted(PEER));
        assertFalse(health.isDemoted(SIBLING));
        assertEquals(Map.of(ORIGIN, new Pool(0, 0, 0, 0, 0, 1)), health.pools());
    }

    @Test
    void twoFailedProbesInARowDemote() {
        assertEquals(Change.NONE, health.probed(PEER, false, 2));
        assertFalse(health.isDemoted(PEER));
        assertEquals(Change.DEMOTED, health.probed(PEER, false, 2));
        assertTrue(health.isDemoted(PEER));
        assertEquals(Change.NONE, health.probed(PEER, false, 2));
    }

    @Test
    void aProbeThatIsAnsweredTakesTheDoubtAway() {
        health.probed(PEER, false, 2);
        assertEquals(Change.NONE, health.probed(PEER, true, 2));
        assertEquals(Change.NONE, health.probed(PEER, false, 2));
        assertFalse(health.isDemoted(PEER));
    }

    @Test
    void oneProbeThatIsAnsweredHeals() {
        health.demote(PEER);
        assertEquals(Change.HEALED, health.probed(PEER, true, 2));
        assertFalse(health.isDemoted(PEER));
        assertTrue(health.demote(PEER));
    }

    @Test
    void aDemotedAddressIsOnTheListAsLongAsItIsWanted() {
        health.demote(PEER);
        ticker.advance(MINUTE);
        assertEquals(List.of(PEER), health.demoted(MINUTE));
        ticker.advance(Duration.ofNanos(1));
        assertEquals(List.of(), health.demoted(MINUTE));

        assertTrue(health.wanted(PEER));
        assertFalse(health.wanted(SIBLING));
        assertEquals(List.of(PEER), health.demoted(MINUTE));
    }

    @Test
    void anOriginIsDrainedOnceInAPause() {
        Duration pause = Duration.ofSeconds(30);
        assertTrue(health.mayDrain(ORIGIN, pause));
        ticker.advance(pause.minusNanos(1));
        assertFalse(health.mayDrain(ORIGIN, pause));
        assertTrue(health.mayDrain(new Origin(true, "other.example", 443), pause));
        ticker.advance(Duration.ofNanos(1));
        assertTrue(health.mayDrain(ORIGIN, pause));
    }

    @Test
    void theOldestIsForgottenWhenThereAreTooMany() {
        health.demote(PEER);
        for (int port = 1; port <= AddressHealth.MOST; port++) {
            health.demote(new Peer(new Origin(true, "many.example", port), PEER.address()));
        }
        assertFalse(health.isDemoted(PEER));
        assertTrue(health.isDemoted(new Peer(new Origin(true, "many.example", 1), PEER.address())));
        assertEquals(AddressHealth.MOST, health.demoted(MINUTE).size());
    }
}
