package io.edgedownload.engine.connect;

import static io.edgedownload.engine.connect.Connectors.exchange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.BlackHole;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginEvent;
import io.edgedownload.fixtures.TlsFront;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With one connection to an address, for which few requests may wait. */
final class ConnectorTest {
    private static final HostedObject OBJECT = HostedObject.ofText("hello world");
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.2");

    private final Vertx vertx = Vertx.vertx();
    private final List<Connector> connectors = new ArrayList<>();
    private final Connector connector = connector(1, "127.0.0.1");
    private final FaultOrigin server;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    ConnectorTest() throws IOException {
        server = FaultOrigin.start().serve("/file", OBJECT);
    }

    @AfterEach
    void close() throws Exception {
        connectors.forEach(Connector::close);
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void theConnectionGoesToTheAddressAndHostKeepsTheName() throws Exception {
        Lease lease = leased(lease(connector, Trust.SOURCE, HERE));
        assertEquals(HERE, lease.address());
        assertEquals(OBJECT.lengthBytes(), exchange(lease));
        assertEquals(
                Optional.of("files.example:" + server.port()),
                server.requests("/file").getFirst().fields().first("Host"));
    }

    @Test
    void aForbiddenAddressGetsNoConnection() throws Exception {
        assertEquals(new Leasing.Forbidden(HERE), lease(connector(1, "127.0.0.2"), Trust.SOURCE, HERE));
        assertEquals(0, server.connections());
    }

    @Test
    void theOperatorMayNameAnyAddress() throws Exception {
        exchange(leased(lease(connector(1, "127.0.0.2"), Trust.OPERATOR, HERE)));
        assertEquals(1, server.connections());
    }

    @Test
    void theNextAddressIsTriedWhenOneIsForbiddenOrDown() throws Exception {
        assertEquals(
                HERE, leased(lease(connector, Trust.SOURCE, ELSEWHERE, HERE)).address());
        Connector free = connector(1, "127.0.0.0/8");
        assertEquals(HERE, leased(lease(free, Trust.SOURCE, ELSEWHERE, HERE)).address());
    }

    @Test
    void anAddressThatDoesNotAnswerHoldsUpForAMomentOnly() throws Exception {
        try (BlackHole hole = BlackHole.at("127.0.0.3", server.port())) {
            Connector free = connector(1, "127.0.0.0/8");
            assertEquals(
                    HERE,
                    leased(lease(free, Trust.SOURCE, hole.address(), HERE)).address());
        }
    }

    @Test
    void anIdleConnectionIsPreferredToEveryOtherAddress() throws Exception {
        try (FaultOrigin other = FaultOrigin.startOn("127.0.0.2", server.port())) {
            other.serve("/file", OBJECT);
            Connector wide = wide(Connectors.limits(4, 4));
            exchange(leased(lease(wide, Trust.SOURCE, HERE)));
            assertEquals(
                    HERE, leased(lease(wide, Trust.SOURCE, ELSEWHERE, HERE)).address());
            assertEquals(0, other.connections());
        }
    }

    @Test
    void anIdleConnectionMakesRoomForOneToAnotherAddress() throws Exception {
        try (FaultOrigin other = FaultOrigin.startOn("127.0.0.2", server.port())) {
            other.serve("/file", OBJECT);
            Connector narrow = wide(Connectors.limits(1, 1));
            exchange(leased(lease(narrow, Trust.SOURCE, HERE)));
            exchange(leased(lease(narrow, Trust.SOURCE, ELSEWHERE)));
            // The first was closed for the second: it is a new one again.
            Lease another = leased(lease(narrow, Trust.SOURCE, HERE));
            assertFalse(another.reused());
            exchange(another);
            assertEquals(2, server.connections());
        }
    }

    @Test
    void limitsChangeWithoutAFailingRequest() throws Exception {
        Connector changing = wide(Connectors.limits(4, 64));
        List<Thread> askers = new ArrayList<>();
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger changes = new AtomicInteger();
        for (int asker = 0; asker < 8; asker++) {
            askers.add(Thread.startVirtualThread(() -> {
                while (changes.get() < 20) {
                    ask(changing);
                    answers.incrementAndGet();
                }
            }));
        }
        while (changes.get() < 20) {
            int before = answers.get();
            changing.reconfigure(Connectors.limits(3 + changes.get() % 4, 64));
            while (answers.get() < before + 10 && askers.stream().allMatch(Thread::isAlive)) {
                Thread.onSpinWait();
            }
            changes.incrementAndGet();
        }
        for (Thread asker : askers) {
            asker.join();
        }
        assertEquals(List.of(), failures);
        // The client has its answer a moment before the server has noted that it sent it.
        server.awaitAnswers("/file", answers.get());
        assertEquals(
                answers.get(),
                server.events().stream()
                        .filter(event -> event instanceof OriginEvent.Answered answered && answered.whole())
                        .count());
    }

    private void ask(Connector connector) {
        try {
            exchange(leased(lease(connector, Trust.SOURCE, HERE)));
        } catch (Exception | AssertionError e) {
            failures.add(e);
        }
    }

    private Connector wide(Limits limits) {
        return connector(limits, "127.0.0.0/8");
    }

    @Test
    void withoutAnAddressThatAnswersNothingIsReached() throws Exception {
        assertInstanceOf(Leasing.Unreachable.class, lease(connector, Trust.SOURCE));
        server.refuseConnections();
        assertInstanceOf(Leasing.Unreachable.class, lease(connector, Trust.SOURCE, HERE));
    }

    @Test
    void aServerThatSpeaksNoTlsFailsTheHandshake() throws Exception {
        Origin secure = new Origin(true, "files.example", server.port());
        assertInstanceOf(Leasing.TlsFailed.class, connector.lease(wanted(secure, Trust.SOURCE), List.of(HERE), soon()));
    }

    @Test
    void aHandshakeThatIsNotAnsweredIsToldFromAConnectionThatIsNotMade(@TempDir Path directory) throws Exception {
        try (TlsFront front = TlsFront.start(server.port(), directory)) {
            front.stall();
            Origin secure = new Origin(true, "files.example", front.uri("/").getPort());
            Deadline deadline = Deadline.after(Duration.ofSeconds(2), Ticker.system());
            assertEquals(
                    new Leasing.TimedOut(Leasing.Step.TLS),
                    connector.lease(wanted(secure, Trust.SOURCE), List.of(HERE), deadline));
        }
    }

    @Test
    void aConnectionIsNewOnceAndReusedFromThenOn() throws Exception {
        Lease first = leased(lease(connector, Trust.SOURCE, HERE));
        assertFalse(first.reused());
        exchange(first);
        // There may be but one connection: this waits until it is back in the pool.
        Lease second = leased(lease(connector, Trust.SOURCE, HERE));
        assertTrue(second.reused());
        exchange(second);
        assertEquals(1, server.connections());
    }

    @Test
    void aRequestWithoutAPlaceInTheQueueIsRefusedAtOnce() throws Exception {
        Connector narrow = connector(0, "127.0.0.1");
        leased(lease(narrow, Trust.SOURCE, HERE));
        assertEquals(new Leasing.Exhausted(), lease(narrow, Trust.SOURCE, HERE));
    }

    @Test
    void aRequestThatTimedOutLeavesItsPlaceInTheQueue() throws Exception {
        Connector patient = connector(1, "127.0.0.1");
        Lease held = leased(lease(patient, Trust.SOURCE, HERE));
        Deadline tooSoon = Deadline.after(Duration.ofMillis(50), Ticker.system());
        assertEquals(new Leasing.TimedOut(Leasing.Step.WAIT), lease(patient, tooSoon, Trust.SOURCE, HERE));
        exchange(held);
        assertEquals(OBJECT.lengthBytes(), exchange(leased(lease(patient, Trust.SOURCE, HERE))));
    }

    @Test
    void whoStopsWaitingLeavesItsPlaceToOthers() throws Exception {
        Connector patient = connector(1, "127.0.0.1");
        Lease held = leased(lease(patient, Trust.SOURCE, HERE));
        Thread leaver = Thread.startVirtualThread(
                () -> assertThrows(InterruptedException.class, () -> lease(patient, Trust.SOURCE, HERE)));
        while (leaver.isAlive() && leaver.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        leaver.interrupt();
        leaver.join();
        exchange(held);
        assertEquals(OBJECT.lengthBytes(), exchange(leased(lease(patient, Trust.SOURCE, HERE))));
    }

    private Connector connector(int waiting, String allowed) {
        return connector(Connectors.limits(1, waiting), allowed);
    }

    private Connector connector(Limits limits, String allowed) {
        Connector made = new Connector(vertx, new SourcePolicy(List.of(allowed)), limits, Connectors.CLOCKS, _ -> {});
        connectors.add(made);
        return made;
    }

    private Leasing lease(Connector from, Trust trust, InetAddress... addresses) throws InterruptedException {
        return lease(from, soon(), trust, addresses);
    }

    private Leasing lease(Connector from, Deadline deadline, Trust trust, InetAddress... addresses)
            throws InterruptedException {
        Origin origin = new Origin(false, "files.example", server.port());
        return from.lease(wanted(origin, trust), List.of(addresses), deadline);
    }

    private static Wanted wanted(Origin origin, Trust trust) {
        return new Wanted(origin, trust, HttpMethod.GET, "/file", Holder.NOBODY, Wanted.Reuse.ALLOWED, soon());
    }

    private static Lease leased(Leasing leasing) {
        return assertInstanceOf(Leasing.Leased.class, leasing).lease();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20), Ticker.system());
    }
}
