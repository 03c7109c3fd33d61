package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.breaker.RetryBudget;
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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three sources of one object, on paths of a real origin. */
final class OriginTierTest {
    private static final HostedObject OBJECT = HostedObject.random(1, 70_000);

    private static final RetryBudget.Settings NONE = new RetryBudget.Settings(0, 0, Duration.ofSeconds(1), 1);
    private static final RetryBudget.Settings PLENTY = new RetryBudget.Settings(100, 100, Duration.ofSeconds(1), 100);

    /** Opens at the second bad look for 10 s. */
    private static final Breaker.Settings QUICK = new Breaker.Settings(
            Duration.ofSeconds(1),
            10,
            1,
            90,
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            1,
            Duration.ofSeconds(30));

    private final ManualTicker ticker = new ManualTicker();
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(10), ticker);
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
        assertEquals(Kind.NO_RANGE, failure(load()).kind());
        assertEquals(List.of(Kind.MISSING, Kind.NO_RANGE, Kind.SERVER_ERROR), log.failed());
    }

    @Test
    void whatIsNowhereIsMissing() throws Exception {
        origin.onEvery().always(new Fault.Status(404));
        assertEquals(Kind.MISSING, failure(load()).kind());
        assertEquals(List.of(1, 1, 1), requests());
    }

    @Test
    void noSourceIsAskedWhenTheDeadlineHasPassed() throws Exception {
        ticker.advance(Duration.ofMinutes(10));
        assertEquals(Kind.TIMEOUT, failure(load()).kind());
        assertEquals(List.of(0, 0, 0), requests());
    }

    @Test
    void noOtherSourceIsAskedWhenTheFirstHasUsedUpTheTime() throws Exception {
        origin.on("/1").always(new Fault.Status(404));
        Loaded loaded = load(loopback.originTier(new AttemptLog(() -> ticker.advance(Duration.ofMinutes(10)))));
        assertEquals(Kind.TIMEOUT, failure(loaded).kind());
        assertEquals(List.of(1, 0, 0), requests());
    }

    @Test
    void whatASourceSentBeforeItBrokeOffIsNotAskedForAgain() throws Exception {
        origin.on("/1").always(new Fault.TruncateAt(1_000));
        release(load());
        assertEquals(List.of("bytes=65536-69999"), ranges("/1"));
        assertEquals(List.of("bytes=66536-69999"), ranges("/2"));
    }

    @Test
    void twoAnswersThatDoNotFitTogetherConvictNeither() throws Exception {
        origin.serve("/1", HostedObject.random(2, OBJECT.lengthBytes()));
        origin.on("/1").always(new Fault.TruncateAt(1_000));
        release(load());
        assertEquals(List.of(Kind.CUT, Kind.INTEGRITY), log.failed());
        assertEquals(List.of("bytes=66536-69999", "bytes=65536-69999"), ranges("/2"));
    }

    @Test
    void aSourceThatLiedIsAskedLastForAWhile() throws Exception {
        origin.on("/1").next(new Fault.WrongContentRange(1));
        OriginTier tier = loopback.originTier(log, Breaker.Settings.DEFAULTS, PLENTY, ticker);
        release(load(tier));
        release(load(tier));
        assertEquals(List.of(1, 2, 0), requests());
        ticker.advance(Duration.ofSeconds(60));
        release(load(tier));
        assertEquals(List.of(2, 2, 0), requests());
    }

    @Test
    void sourcesThatLiedAreAskedWhenThereIsNobodyElse() throws Exception {
        origin.onEvery().times(3, new Fault.WrongContentRange(1));
        OriginTier tier = loopback.originTier(log, Breaker.Settings.DEFAULTS, PLENTY, ticker);
        assertEquals(Kind.LIED, failure(load(tier)).kind());
        try (Filling filling = filling()) {
            assertEquals(Kind.LIED, failure(tier.load(filling, true, deadline)).kind());
            assertEquals(List.of(1, 1, 1), requests());
        }
        release(load(tier));
        assertEquals(List.of(2, 1, 1), requests());
    }

    @Test
    void anOriginIsAskedAgainAsLongAsTheBudgetLasts() throws Exception {
        origin.onEvery().always(new Fault.Status(500));
        OriginTier tier = loopback.originTier(
                log, Breaker.Settings.DEFAULTS, new RetryBudget.Settings(0, 1, Duration.ofSeconds(10), 1), ticker);
        // The three sources are of one origin.
        assertEquals(Kind.SERVER_ERROR, failure(load(tier)).kind());
        assertEquals(List.of(1, 1, 0), requests());
        assertEquals(Kind.SERVER_ERROR, failure(load(tier)).kind());
        assertEquals(List.of(2, 1, 0), requests());
        ticker.advance(Duration.ofSeconds(10));
        assertEquals(Kind.SERVER_ERROR, failure(load(tier)).kind());
        assertEquals(List.of(3, 2, 0), requests());
    }

    @Test
    void anOriginWhoseBreakerIsOpenIsNotAskedUntilItsProbesSucceed() throws Exception {
        OriginTier tier = loopback.originTier(log, QUICK, NONE, ticker);
        origin.onEvery().always(new Fault.Status(500));
        for (int second = 0; second < 2; second++) {
            assertEquals(Kind.SERVER_ERROR, failure(load(tier)).kind());
            ticker.advance(Duration.ofSeconds(1));
        }
        Failure open = failure(load(tier));
        assertEquals(Kind.BREAKER_OPEN, open.kind());
        assertEquals(Duration.ofSeconds(10), open.retryAfter());
        assertEquals(List.of(2, 0, 0), requests());
        origin.heal();
        ticker.advance(Duration.ofSeconds(10));
        release(load(tier));
        release(load(tier));
        assertEquals(List.of(4, 0, 0), requests());
        assertEquals(
                List.of(
                        Status.CLOSED,
                        Status.CLOSED,
                        Status.OPEN,
                        Status.OPEN,
                        Status.OPEN,
                        Status.HALF_OPEN,
                        Status.CLOSED),
                log.breakers());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 412, 429})
    void anOriginThatSaysWhyNotIsWell(int status) throws Exception {
        OriginTier tier = loopback.originTier(log, QUICK, NONE, ticker);
        origin.onEvery().always(new Fault.Status(status));
        for (int second = 0; second < 5; second++) {
            assertNotEquals(Kind.BREAKER_OPEN, failure(load(tier)).kind());
            ticker.advance(Duration.ofSeconds(1));
        }
        assertEquals(List.of(5, 0, 0), requests());
    }

    @Test
    void noSourceIsAskedWhenLessIsLeftThanAnAttemptNeeds() throws Exception {
        ticker.advance(Duration.ofMinutes(10).minusMillis(49));
        assertEquals(Kind.TIMEOUT, failure(load()).kind());
        assertEquals(List.of(0, 0, 0), requests());
    }

    @Test
    void anOriginThatAskedToBeLeftAloneIs() throws Exception {
        OriginTier tier = loopback.originTier(log, Breaker.Settings.DEFAULTS, PLENTY, ticker);
        origin.on("/1").times(1, new Fault.Status(429, Map.of("Retry-After", "30")));
        Failure first = failure(load(tier));
        assertEquals(Kind.BUSY, first.kind());
        assertEquals(Duration.ofSeconds(30), first.retryAfter());
        ticker.advance(Duration.ofSeconds(10));
        assertEquals(Duration.ofSeconds(20), failure(load(tier)).retryAfter());
        assertEquals(List.of(1, 0, 0), requests(), "one origin has all three");
        ticker.advance(Duration.ofSeconds(20));
        release(load(tier));

        assertEquals(List.of(2, 0, 0), requests());
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
        try (Filling filling = filling()) {
            return tier.load(filling, false, deadline);
        }
    }

    private Filling filling() {
        return new Filling(
                Manifests.of("file", OBJECT.bytes(), origin.uri("/1"), origin.uri("/2"), origin.uri("/3")), 1, "");
    }

    /** How many each source got. */
    private List<Integer> requests() {
        return List.of(
                origin.requests("/1").size(),
                origin.requests("/2").size(),
                origin.requests("/3").size());
    }

    private List<String> ranges(String path) {
        return origin.requests(path).stream()
                .map(request -> request.fields().first("Range").orElseThrow())
                .toList();
    }

    private static void release(Loaded loaded) {
        assertInstanceOf(Loaded.Ready.class, loaded).chunk().release();
    }

    private static Failure failure(Loaded loaded) {
        return assertInstanceOf(Loaded.Unavailable.class, loaded).failure();
    }
}
