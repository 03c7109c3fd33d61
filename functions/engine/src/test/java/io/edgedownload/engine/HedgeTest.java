package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.AttemptLog.Ended;
import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.resolve.LocalResolver;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose name has two addresses; while the first is well, requests go there. */
final class HedgeTest {
    private static final HostedObject OBJECT = HostedObject.random(3, 70_000);
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final Deadline deadline = Deadline.after(Duration.ofMinutes(1), Ticker.system());
    private final Gate gate = new Gate();
    private FaultOrigin one;
    private FaultOrigin two;
    private Loopback loopback;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        one = FaultOrigin.startOn("127.0.0.1").serve("/file", OBJECT);
        two = FaultOrigin.startOn("127.0.0.2", one.port()).serve("/file", OBJECT);
        Path hosts = Files.writeString(
                directory.resolve("hosts"), "127.0.0.1 both.example one.example\n127.0.0.2 both.example\n");
        loopback = new Loopback(LocalResolver.withHosts(hosts));
    }

    @AfterEach
    void close() throws Exception {
        gate.open();
        loopback.close();
        one.close();
        two.close();
    }

    @Test
    void anAnswerThatIsLaterThanNearlyAllIsHadFromTheOtherAddress() throws Exception {
        AttemptLog log = new AttemptLog();
        Breaker.Settings soon = new Breaker.Settings(
                Duration.ofMillis(50),
                300,
                1,
                0,
                Duration.ofSeconds(20),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                1,
                Duration.ofSeconds(30));
        OriginTier tier = loopback.hedgingTier(log, soon);
        // Until a bucket of time is full, and so a P95 known.
        Deadline warm = Deadline.after(Duration.ofMillis(200), Ticker.system());
        while (!warm.passed()) {
            release(load(tier));
        }
        FaultOrigin used = used(tier);
        FaultOrigin other = used == one ? two : one;
        int before = other.requests("/file").size();
        used.onEvery().always(new Fault.AcceptAndStall());

        release(load(tier));
        assertEquals(before + 1, other.requests("/file").size());
        assertTrue(log.begun().getLast().hedge());
        assertEquals(Status.CLOSED, log.begun().getLast().breaker());
        List<Ended> last =
                log.ended().subList(log.ended().size() - 2, log.ended().size());
        assertInstanceOf(Ended.Outrun.class, last.getFirst());
        assertInstanceOf(Ended.Delivered.class, last.getLast());
    }

    @Test
    void whoeverMayNotHedgeWaits() throws Exception {
        one.onEvery().always(new Fault.HoldUntil(gate));
        AttemptLog log = new AttemptLog();
        Attempts attempts = load(log, "both.example", new Hedge(AT_ONCE, () -> {
            gate.open();
            return false;
        }));
        release(attempts.loaded());
        assertEquals(1, attempts.all().size());
        assertEquals(0, two.requests("/file").size());
    }

    @Test
    void thereIsNoHedgeWhereThereIsOneAddress() throws Exception {
        one.onEvery().always(new Fault.HoldUntil(gate));
        Thread opener = onceAsked(one, gate::open);
        Attempts attempts = load(new AttemptLog(), "one.example", new Hedge(AT_ONCE, () -> {
            throw new AssertionError("there is no other address");
        }));
        release(attempts.loaded());
        opener.join();
    }

    @Test
    void aHedgeThatFailsLeavesTheFirstAlone() throws Exception {
        one.onEvery().always(new Fault.HoldUntil(gate));
        two.onEvery().always(new Fault.Status(500));
        AttemptLog log = new AttemptLog();
        Thread opener = Thread.ofVirtual().start(() -> {
            awaitAnswer(two);
            gate.open();
        });
        Attempts attempts = load(log, "both.example", new Hedge(AT_ONCE, () -> true));
        opener.join();
        release(attempts.loaded());
        assertEquals(2, attempts.all().size());
        assertEquals(List.of(1L, 1L), List.of((long) one.requests("/file").size(), (long)
                two.requests("/file").size()));
    }

    @Test
    void ofTwoThatFailTheOneThatLeftBytesCountsAndBothAreTold() throws Exception {
        one.onEvery().always(new Fault.HoldUntil(gate));
        two.onEvery().always(new Fault.TruncateAt(1_000));
        AttemptLog log = new AttemptLog();
        Thread closer = Thread.ofVirtual().start(() -> {
            awaitAnswer(two);
            shut(one);
        });
        try (Filling filling = filling("both.example")) {
            Attempts attempts = loopback.chunkFetch(log, Ticker.system())
                    .load(filling, place("both.example"), new Hedge(AT_ONCE, () -> true), deadline);
            closer.join();
            Loaded.Unavailable failed = assertInstanceOf(Loaded.Unavailable.class, attempts.loaded());
            assertEquals(Kind.CUT, failed.failure().kind());
            assertEquals(2, log.failed().size());
            assertEquals(1_000, filling.range().length() - filling.rest().length());
        }
    }

    @Test
    void whoeverIsInterruptedEndsBoth() throws Exception {
        one.onEvery().always(new Fault.AcceptAndStall());
        two.onEvery().always(new Fault.StallAt(500));
        AttemptLog log = new AttemptLog();
        Thread here = Thread.currentThread();
        Thread interrupter = onceAsked(two, here::interrupt);
        assertThrows(InterruptedException.class, () -> load(log, "both.example", new Hedge(AT_ONCE, () -> true)));
        interrupter.join();
        assertEquals(2, log.ended().size());
        log.ended().forEach(end -> assertInstanceOf(Ended.Abandoned.class, end));
    }

    /** Where requests go now: some of the first ones may have been hedged, and a hedge that won leaves its connection. */
    private FaultOrigin used(OriginTier tier) throws InterruptedException {
        while (true) {
            int ones = one.requests("/file").size();
            int twos = two.requests("/file").size();
            release(load(tier));
            boolean byOne = one.requests("/file").size() > ones;
            if (byOne != two.requests("/file").size() > twos) {
                return byOne ? one : two;
            }
        }
    }

    private static Thread onceAsked(FaultOrigin origin, Runnable then) {
        return Thread.ofVirtual().start(() -> {
            try {
                origin.awaitRequests("/file", 1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            then.run();
        });
    }

    private static void awaitAnswer(FaultOrigin origin) {
        try {
            origin.awaitAnswers("/file", 1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void shut(FaultOrigin origin) {
        try {
            origin.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Loaded load(OriginTier tier) throws InterruptedException {
        try (Filling filling = filling("both.example")) {
            return tier.load(filling, false, deadline);
        }
    }

    private Attempts load(AttemptLog log, String host, Hedge hedge) throws InterruptedException {
        try (Filling filling = filling(host)) {
            return loopback.chunkFetch(log, Ticker.system()).load(filling, place(host), hedge, deadline);
        }
    }

    private Filling filling(String host) {
        return new Filling(Manifests.of("file", OBJECT.bytes(), uri(host)), 0, "");
    }

    private Place place(String host) {
        return new Place(Loaded.Tier.ORIGIN, uri(host), new Validator(null, null), null);
    }

    private URI uri(String host) {
        return URI.create("http://" + host + ":" + one.port() + "/file");
    }

    private static void release(Loaded loaded) {
        Loaded.Ready ready = assertInstanceOf(Loaded.Ready.class, loaded);
        assertEquals(64 << 10, ready.chunk().lengthBytes());
        ready.chunk().release();
    }
}
