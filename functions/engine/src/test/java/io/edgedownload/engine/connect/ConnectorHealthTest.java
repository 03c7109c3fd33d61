package io.edgedownload.engine.connect;

import static io.edgedownload.engine.connect.Connectors.exchange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.resolve.AddressesChanged;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One name with two addresses, on a clock that the test moves. */
final class ConnectorHealthTest {
    private static final HostedObject OBJECT = HostedObject.ofText("hello world");
    private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("127.0.0.2");
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final Vertx vertx = Vertx.vertx();
    private final ManualTicker ticker = new ManualTicker();
    private final BlockingQueue<ConnectEvent> events = new LinkedBlockingQueue<>();
    private final Connector connector = new Connector(
            vertx,
            new SourcePolicy(List.of("127.0.0.0/8")),
            Connectors.limits(4, 4, 1, Duration.ofMinutes(1)),
            new Clocks(ticker, ticker, InstantSource.system()),
            event -> {
                if (!(event instanceof ConnectEvent.Opened)) {
                    events.add(event);
                }
            });
    private final FaultOrigin one;
    private final FaultOrigin two;
    private final Origin origin;

    ConnectorHealthTest() throws IOException {
        one = FaultOrigin.startOn("127.0.0.1").serve("/file", OBJECT);
        two = FaultOrigin.startOn("127.0.0.2", one.port()).serve("/file", OBJECT);
        origin = new Origin(false, "files.example", one.port());
    }

    @AfterEach
    void close() throws Exception {
        connector.close();
        one.close();
        two.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void anAddressThatRefusesIsTriedLastUntilItAnswersAProbe() throws Exception {
        one.refuseConnections();
        Lease detour = leased(ONE, TWO);
        assertEquals(TWO, detour.address());
        assertEquals(new ConnectEvent.Demoted(origin, ONE, Symptom.CONNECT), next());
        one.acceptConnections();
        // With no idle connection anywhere, the first of the list would be the first again.
        Lease second = leased(ONE, TWO);
        assertEquals(TWO, second.address());

        probe();
        assertEquals(new ConnectEvent.Healed(origin, ONE), next());
        assertEquals(ONE, leased(ONE, TWO).address());
    }

    @Test
    void aDemotedAddressIsUsedWhenThereIsNoOther() throws Exception {
        one.refuseConnections();
        assertInstanceOf(Leasing.Unreachable.class, lease(ONE));
        assertEquals(new ConnectEvent.Demoted(origin, ONE, Symptom.CONNECT), next());
        one.acceptConnections();
        assertEquals(OBJECT.lengthBytes(), exchange(leased(ONE)));
    }

    @Test
    void twoProbesInARowWithoutAnAnswerDemote() throws Exception {
        InetAddress three = InetAddress.ofLiteral("127.0.0.3");
        try (Socket _ = onlyConnectionTo(three)) {
            probe();
            assertTrue(events.isEmpty());
            probe();
            assertEquals(new ConnectEvent.Demoted(origin, three, Symptom.PROBE), next());
            assertInstanceOf(ConnectEvent.Drained.class, next());
        }
    }

    /** The other end of a connection that is in use, to an address that takes no more. */
    private Socket onlyConnectionTo(InetAddress address) throws Exception {
        try (ServerSocket listener = new ServerSocket(origin.port(), 1, address)) {
            leased(address);
            return listener.accept();
        }
    }

    @Test
    void aNewConnectionThatBreaksDemotesAndDrainsItsAddressAlone() throws Exception {
        List<Lease> held = List.of(leased(ONE), leased(ONE), leased(TWO));
        exchange(held.get(0));
        exchange(held.get(2));
        held.get(1).failed(Lease.Fault.BROKEN_BEFORE_ANSWER);

        assertEquals(new ConnectEvent.Demoted(origin, ONE, Symptom.BROKEN), next());
        assertEquals(new ConnectEvent.Drained(origin, ONE, ConnectEvent.Drained.Reason.DEMOTED, 2), next());
        // It is not cut off by the drain.
        assertEquals(OBJECT.lengthBytes(), exchange(held.get(1)));
        assertFalse(leased(ONE).reused());
        assertTrue(events.isEmpty());
    }

    @Test
    void aReusedConnectionThatBreaksDrainsItsSiblingsAndDemotesNothing() throws Exception {
        Lease sibling = leased(ONE);
        Lease reused = reused(ONE);
        exchange(sibling);
        reused.failed(Lease.Fault.BROKEN_BEFORE_ANSWER);
        reused.end();

        ConnectEvent.Drained drained = assertInstanceOf(ConnectEvent.Drained.class, next());
        assertEquals(ONE, drained.address());
        assertEquals(ConnectEvent.Drained.Reason.SIBLING_BROKEN, drained.reason());
        assertTrue(drained.connections() >= 2, drained::toString);
        Lease next = leased(ONE, TWO);
        assertEquals(ONE, next.address());
        assertFalse(next.reused());
    }

    @Test
    void anAnswerThatBreaksOrNeverBeginsDemotes() throws Exception {
        Lease cut = reused(ONE);
        cut.failed(Lease.Fault.BROKEN_IN_ANSWER);
        cut.end();
        assertEquals(new ConnectEvent.Demoted(origin, ONE, Symptom.BROKEN), next());

        Lease silent = leased(TWO);
        silent.failed(Lease.Fault.SILENT);
        silent.end();
        assertInstanceOf(ConnectEvent.Drained.class, next());
        assertEquals(new ConnectEvent.Demoted(origin, TWO, Symptom.SILENT), next());
    }

    @Test
    void anOriginIsDrainedOnceInItsPause() throws Exception {
        exchange(leased(ONE));
        exchange(leased(TWO));
        demote(ONE);
        assertInstanceOf(ConnectEvent.Drained.class, next());
        demote(TWO);
        assertTrue(events.isEmpty());

        probe();
        assertInstanceOf(ConnectEvent.Healed.class, next());
        assertInstanceOf(ConnectEvent.Healed.class, next());
        ticker.advance(INTERVAL);
        demote(TWO);
        assertEquals(new ConnectEvent.Drained(origin, TWO, ConnectEvent.Drained.Reason.DEMOTED, 1), next());
    }

    @Test
    void whatNobodyUsesIsNotProbedForEver() throws Exception {
        one.refuseConnections();
        exchange(leased(ONE, TWO));
        assertInstanceOf(ConnectEvent.Demoted.class, next());
        while (ticker.alarms() > 0) {
            probe();
        }
        one.acceptConnections();
        ticker.advance(Duration.ofHours(1));
        assertEquals(0, one.connections());
        assertEquals(0, ticker.alarms());

        // Whoever asks for it again makes it be probed at once.
        exchange(leased(ONE, TWO));
        assertInstanceOf(ConnectEvent.Thawed.class, next());
        ticker.advance(Duration.ZERO);
        assertEquals(new ConnectEvent.Healed(origin, ONE), next());
    }

    @Test
    void connectionsToAnAddressThatLeftTheNameAreRetired() throws Exception {
        exchange(leased(ONE));
        Lease used = leased(ONE);
        exchange(leased(TWO));
        connector.addressesChanged(changed("other.example", ONE));
        connector.addressesChanged(changed("files.examples", ONE));
        assertTrue(events.isEmpty());

        connector.addressesChanged(changed("files.example", ONE));
        ConnectEvent.Drained drained = assertInstanceOf(ConnectEvent.Drained.class, next());
        assertEquals(ONE, drained.address());
        assertEquals(ConnectEvent.Drained.Reason.ADDRESS_LEFT, drained.reason());
        assertEquals(OBJECT.lengthBytes(), exchange(used));
        assertFalse(leased(ONE).reused());
        assertTrue(events.isEmpty());
    }

    @Test
    void aNameThatIsSearchedForIsTheHostToo() throws Exception {
        exchange(leased(ONE));
        connector.addressesChanged(changed("files.example.svc.cluster.local", ONE));
        assertInstanceOf(ConnectEvent.Drained.class, next());
    }

    private static AddressesChanged changed(String name, InetAddress removed) {
        return new AddressesChanged(name, Set.of(), Set.of(removed));
    }

    @Test
    void thePoolsTellWhatIsThere() throws Exception {
        assertEquals(Map.of(), connector.pools());
        exchange(leased(ONE));
        Lease used = leased(TWO);
        assertEquals(Map.of(origin, new Pool(1, 1, 0, 1, 0, 0)), connector.pools());
        used.failed(Lease.Fault.SILENT);
        assertEquals(Map.of(origin, new Pool(1, 0, 1, 1, 0, 1)), connector.pools());
        exchange(used);
    }

    @Test
    void aLeaseThatIsHeldOverItsTimeIsReportedAndTakenBack() throws Exception {
        Holder holder = new Holder("acme", "images/a.iso");
        Deadline until = Deadline.after(Duration.ofSeconds(5), ticker);
        Wanted wanted = new Wanted(
                origin, Trust.SOURCE, HttpMethod.GET, "/file?sig=secret", holder, Wanted.Reuse.ALLOWED, until);
        Deadline soon = Deadline.after(Duration.ofSeconds(20), Ticker.system());
        Lease lease = assertInstanceOf(Leasing.Leased.class, connector.lease(wanted, List.of(ONE), soon))
                .lease();
        ticker.advance(Duration.ofMillis(5_999));
        assertTrue(events.isEmpty());
        ticker.advance(Duration.ofMillis(1));

        assertEquals(new ConnectEvent.Leaked(holder, "GET " + origin + "/file", ONE, Duration.ofSeconds(6)), next());
        // What its holder says now is of no account.
        lease.failed(Lease.Fault.BROKEN_BEFORE_ANSWER);
        lease.end();
        assertTrue(events.isEmpty());
        assertEquals(0, connector.pools().getOrDefault(origin, Pool.EMPTY).places());
    }

    /** An exchange on the address to which no answer ever begins. */
    private void demote(InetAddress address) throws Exception {
        Lease lease = leased(address);
        lease.failed(Lease.Fault.SILENT);
        exchange(lease);
        assertEquals(new ConnectEvent.Demoted(origin, address, Symptom.SILENT), next());
    }

    /** Lets one round of probes go by. */
    private void probe() {
        int alarms = ticker.alarms();
        ticker.advance(INTERVAL);
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ticker.alarms() > alarms) {
            assertTrue(System.nanoTime() - until < 0, "the probes did not end");
            Thread.onSpinWait();
        }
    }

    private ConnectEvent next() throws InterruptedException {
        ConnectEvent event = events.poll(20, TimeUnit.SECONDS);
        assertNotNull(event, "nothing happened");
        return event;
    }

    private Leasing lease(InetAddress... addresses) throws InterruptedException {
        Deadline until = Deadline.after(Duration.ofMinutes(10), Ticker.system());
        Wanted wanted =
                new Wanted(origin, Trust.SOURCE, HttpMethod.GET, "/file", Holder.NOBODY, Wanted.Reuse.ALLOWED, until);
        return connector.lease(wanted, List.of(addresses), until.within(Duration.ofSeconds(20)));
    }

    /** A connection is in the pool a moment after its answer was read; until then there is another. */
    private Lease reused(InetAddress address) throws Exception {
        Lease lease = leased(address);
        while (!lease.reused()) {
            exchange(lease);
            lease = leased(address);
        }
        return lease;
    }

    private Lease leased(InetAddress... addresses) throws InterruptedException {
        return assertInstanceOf(Leasing.Leased.class, lease(addresses)).lease();
    }
}
