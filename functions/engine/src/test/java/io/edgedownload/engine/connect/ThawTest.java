package io.edgedownload.engine.connect;

import static io.edgedownload.engine.connect.Connectors.exchange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that is frozen runs no timer; its ticker may stand still or not. Connections may be idle for 10 s. */
final class ThawTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration LONG = Duration.ofSeconds(13);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong tickerNanos = new AtomicLong(1_000);
    private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
    private final List<ConnectEvent> events = new CopyOnWriteArrayList<>();
    private final Connector connector = new Connector(
            vertx,
            new SourcePolicy(List.of("127.0.0.1")),
            Connectors.limits(1, 1),
            new Clocks(tickerNanos::get, new ManualTicker(), () -> Instant.ofEpochMilli(wallMillis.get())),
            event -> {
                if (!(event instanceof ConnectEvent.Opened)) {
                    events.add(event);
                }
            });
    private final FaultOrigin server = FaultOrigin.start().serve("/file", HostedObject.ofText("hello world"));

    ThawTest() throws IOException {}

    @AfterEach
    void close() throws Exception {
        connector.close();
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void afterAFreezeThatBothClocksSawIdleConnectionsAreNotUsed() throws Exception {
        exchange(leased());
        moveTicker(LONG);
        moveWall(LONG);
        assertFalse(used());
        assertEquals(List.of(new ConnectEvent.Thawed(LONG, 1)), events);
    }

    @Test
    void afterAFreezeThatOnlyTheWallClockSawNeither() throws Exception {
        exchange(leased());
        moveWall(Duration.ofHours(3));
        assertFalse(used());
        assertEquals(List.of(new ConnectEvent.Thawed(Duration.ofHours(3), 1)), events);
    }

    @Test
    void afterAFreezeThatOnlyTheTickerSawNeither() throws Exception {
        exchange(leased());
        moveTicker(LONG);
        moveWall(Duration.ofHours(-1));
        assertFalse(used());
        assertEquals(List.of(new ConnectEvent.Thawed(LONG, 1)), events);
    }

    @Test
    void aWallClockThatIsSetBackChangesNothing() throws Exception {
        exchange(leased());
        moveWall(Duration.ofHours(-1));
        assertTrue(used());
        assertEquals(List.of(), events);
    }

    @Test
    void aShortFreezeChangesNothing() throws Exception {
        exchange(leased());
        moveTicker(Duration.ofSeconds(10));
        moveWall(Duration.ofSeconds(10));
        assertTrue(used());
        assertEquals(List.of(), events);
    }

    @Test
    void aConnectionThatIsJustOverItsTimeIsNotUsedAndIsNoSignOfAFreeze() throws Exception {
        exchange(leased());
        moveTicker(Duration.ofSeconds(11));
        moveWall(Duration.ofSeconds(11));
        assertFalse(used());
        assertEquals(List.of(), events);
    }

    @Test
    void anExchangeGoesOnThroughAFreeze() throws Exception {
        Lease held = leased();
        moveTicker(LONG);
        moveWall(LONG);
        assertEquals("hello world".length(), exchange(held));
        assertTrue(used());
        assertEquals(List.of(), events);
    }

    /** Whether the next connection is one that was used before; there is but one place, so that it waits for the pool. */
    private boolean used() throws Exception {
        Lease lease = leased();
        boolean reused = lease.reused();
        exchange(lease);
        return reused;
    }

    private Lease leased() throws InterruptedException {
        Deadline until = Deadline.after(Duration.ofSeconds(20), Ticker.system());
        Wanted wanted = new Wanted(
                new Origin(false, "files.example", server.port()),
                Trust.SOURCE,
                HttpMethod.GET,
                "/file",
                Holder.NOBODY,
                Wanted.Reuse.ALLOWED,
                until);
        return assertInstanceOf(Leasing.Leased.class, connector.lease(wanted, List.of(HERE), until))
                .lease();
    }

    private void moveTicker(Duration by) {
        tickerNanos.addAndGet(by.toNanos());
    }

    private void moveWall(Duration by) {
        wallMillis.addAndGet(by.toMillis());
    }
}
