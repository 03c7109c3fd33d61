package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three sources of one object, on paths of a real origin. */
final class OriginTierTest {
    private static final HostedObject OBJECT = HostedObject.random(1, 70_000);

    private final ManualTicker ticker = new ManualTicker();
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(1), ticker);
    private final Loopback loopback = new Loopback();
    private final AttemptLog log = new AttemptLog();
    private final FaultOrigin origin;

    OriginTierTest() throws IOException {
        origin = FaultOrigin.start().serve("/1", OBJECT).serve("/2", OBJECT).serve("/3", OBJECT);
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
        origin.close();
    }

    @Test
    void theFirstSourceThatDeliversIsTheLastThatIsAsked() throws Exception {
        origin.on("/1").always(new Fault.Status(503));
        Loaded.Ready ready = assertInstanceOf(Loaded.Ready.class, load());
        assertEquals(OBJECT.lengthBytes() - (64 << 10), ready.chunk().lengthBytes());
        assertEquals(Loaded.Tier.ORIGIN, ready.tier());
        ready.chunk().release();
        assertEquals(List.of(Kind.BUSY), log.failed());
        assertEquals(List.of(1, 1, 0), requests());
    }

    @Test
    void ofSeveralFailuresTheMostTellingIsTheAnswer() throws Exception {
        origin.on("/1").always(new Fault.Status(404));
        origin.on("/2").always(new Fault.FullBody200());
        origin.on("/3").always(new Fault.Status(500));
        assertEquals(Kind.LIED, failure(load()).kind());
        assertEquals(List.of(Kind.MISSING, Kind.LIED, Kind.SERVER_ERROR), log.failed());
    }

    @Test
    void whatIsNowhereIsMissing() throws Exception {
        origin.onEvery().always(new Fault.Status(404));
        assertEquals(Kind.MISSING, failure(load()).kind());
        assertEquals(List.of(1, 1, 1), requests());
    }

    @Test
    void noSourceIsAskedWhenTheDeadlineHasPassed() throws Exception {
        ticker.advance(Duration.ofMinutes(1));
        assertEquals(Kind.TIMEOUT, failure(load()).kind());
        assertEquals(List.of(0, 0, 0), requests());
    }

    @Test
    void noOtherSourceIsAskedWhenTheFirstHasUsedUpTheTime() throws Exception {
        origin.on("/1").always(new Fault.Status(404));
        Loaded loaded = load(loopback.originTier(new AttemptLog(() -> ticker.advance(Duration.ofMinutes(1)))));
        assertEquals(Kind.TIMEOUT, failure(loaded).kind());
        assertEquals(List.of(1, 0, 0), requests());
    }

    @Test
    void ofTwoFailuresOfAKindTheFirstIsTold() {
        Failure one = Failure.of(Kind.BUSY, "one");
        assertEquals(one, OriginTier.moreTelling(one, Failure.of(Kind.BUSY, "two")));
    }

    private Loaded load() throws InterruptedException {
        return load(loopback.originTier(log));
    }

    private Loaded load(OriginTier tier) throws InterruptedException {
        return tier.load(
                Manifests.of("file", "g1", OBJECT.lengthBytes(), origin.uri("/1"), origin.uri("/2"), origin.uri("/3")),
                1,
                deadline);
    }

    /** How many each source got. */
    private List<Integer> requests() {
        return List.of(
                origin.requests("/1").size(),
                origin.requests("/2").size(),
                origin.requests("/3").size());
    }

    private static Failure failure(Loaded loaded) {
        return assertInstanceOf(Loaded.Unavailable.class, loaded).failure();
    }
}
