package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.dns.FaultDns;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A name with two addresses, of which one goes bad. Names have no TTL, so each fetch asks for them. */
class AddressFaultTest {
    private static final HostedObject OBJECT = HostedObject.random(71, 400_000);
    private static final String PATH = "/object";
    private static final int CHUNK = 65_536;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name = "origin-" + UUID.randomUUID() + ".example.test";
    private FaultDns dns;
    private FaultOrigin one;
    private FaultOrigin two;
    private Edge edge;

    @BeforeEach
    void start() throws Exception {
        dns = FaultDns.start();
        one = FaultOrigin.startOn("127.0.0.1").serve(PATH, OBJECT);
        two = FaultOrigin.startOn("127.0.0.2", one.port()).serve(PATH, OBJECT);
        edge = Edge.start(
                "addresses",
                Map.of(
                        "edge.dns.servers",
                        "127.0.0.1:" + dns.address().getPort(),
                        "edge.connect.timeout",
                        "1500ms",
                        // So long that on a busy machine too the second address is tried for a failure of the first
                        // only.
                        "edge.connect.attempt-delay",
                        "1s",
                        "edge.fetch.attempt-timeout",
                        "2s",
                        "edge.connect.idle-timeout",
                        "20s",
                        "edge.connect.probe.interval",
                        "1s"));
        dns.host(name, Duration.ZERO, "127.0.0.1", "127.0.0.2");
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        one.close();
        two.close();
        dns.close();
    }

    @Test
    void anAddressThatRefusesIsDemotedAndHealsByAProbe() throws Exception {
        String id = edge.publish(Publication.of(uri()));
        one.refuseConnections();

        assertChunk(id, 0);
        assertChunk(id, 1);
        assertEquals(1, edge.metric("edge_connect_demotions_total{symptom=\"connect\"}"));
        assertEquals(1, demoted());
        assertEquals(2, chunksOf(two));

        one.acceptConnections();
        awaitNoneDemoted();
        assertTrue(edge.log().contains("at 127.0.0.1 answers again"), edge.log());
        assertFalse(edge.log().contains("ERROR"), edge.log());
    }

    @Test
    void anOriginWhoseAddressesAllFallSilentIsDrainedOnce() throws Exception {
        String id = edge.publish(Publication.of(uri()));
        for (FaultOrigin origin : Set.of(one, two)) {
            origin.onRanged(PATH).always(new Fault.AcceptAndStall());
        }

        // Whether or not a probe has healed the first meanwhile, the third request meets one that was not demoted
        // before.
        for (int request = 0; request < 3; request++) {
            assertProblem(504, Set.of("deadline"), edge.part(id, 0, 99));
        }

        assertTrue(edge.metric("edge_connect_demotions_total{symptom=\"silent\"}") >= 2, edge.log());
        assertEquals(1, edge.metric("edge_connect_drains_total{reason=\"demoted\"}"));
        one.heal();
        two.heal();
        assertChunk(id, 0);
    }

    @Test
    void anAddressThatBreaksOffAnAnswerIsLeftForTheOther() throws Exception {
        String id = edge.publish(Publication.of(uri()));
        one.onRanged(PATH).always(new Fault.ResetAt(1_000));

        assertChunk(id, 0);
        assertChunk(id, 1);

        assertEquals(1, edge.metric("edge_connect_demotions_total{symptom=\"broken\"}"));
        assertEquals(2, chunksOf(two));
    }

    @Test
    void aConnectionThatWasLeftSaysNothingOfItsAddress() throws Exception {
        String id = edge.publish(Publication.of(uri()));
        assertChunk(id, 0);
        one.onRanged(PATH).always(new Fault.RstOnReusedConnection());

        assertChunk(id, 1);

        assertEquals(0, demoted());
        assertEquals(0, chunksOf(two));
    }

    @Test
    void connectionsToAnAddressThatLeftTheNameAreRetired() throws Exception {
        dns.host(name, Duration.ZERO, "127.0.0.1");
        String id = edge.publish(Publication.of(uri()));
        assertChunk(id, 0);
        dns.host(name, Duration.ZERO, "127.0.0.2");

        assertChunk(id, 1);

        assertEquals(1, chunksOf(two));
        assertEquals(1, edge.metric("edge_connect_drains_total{reason=\"address-left\"}"));
    }

    @Test
    void afterAFreezeTheFirstRequestUsesNoConnectionOfBefore() throws Exception {
        String id = edge.publish(Publication.of(uri()));
        assertChunk(id, 0);
        edge.freeze();
        // Left by their other end meanwhile, which a frozen process does not see.
        one.refuseConnections();
        one.acceptConnections();
        edge.thaw();

        assertChunk(id, 1);
        assertEquals(0, demoted());
    }

    private URI uri() {
        return URI.create("http://%s:%d%s".formatted(name, one.port(), PATH));
    }

    private void assertChunk(String id, int index) throws IOException {
        long first = (long) index * CHUNK;
        assertPart(OBJECT, first, first + 99, "origin", edge.part(id, first, first + 99));
    }

    private static long chunksOf(FaultOrigin origin) {
        return origin.requests(PATH).stream()
                .filter(request -> request.asksForPart())
                .count();
    }

    private double demoted() throws IOException {
        return edge.metric("edge_connect_demoted{origin=\"http://%s:%d\"}".formatted(name, one.port()));
    }

    private void awaitNoneDemoted() throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (demoted() > 0) {
            assertTrue(System.nanoTime() - until < 0, "no probe healed it");
        }
    }
}
