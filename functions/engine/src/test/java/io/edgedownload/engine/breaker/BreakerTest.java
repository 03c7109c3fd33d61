package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.breaker.Admission.Admitted;
import io.edgedownload.engine.breaker.Admission.Rejected;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Time begins with the breaker: the window is judged at each full second. */
final class BreakerTest {
    private static final Duration GOOD = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofMillis(800);
    private static final Duration SLOW = LIMIT.plusNanos(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();
    private final List<BreakerChanged> events = new ArrayList<>();
    private final Breaker breaker = breaker(ticker);

    private Breaker breaker(ManualTicker time) {
        return new Breaker("origin", Breaker.Settings.DEFAULTS, events::add, time);
    }

    @Test
    void aSuspectedOriginIsProbedBeforeItGetsMore() {
        breaker.suspect();
        assertEquals(Status.HALF_OPEN, breaker.status());
        List<Permit> probes = new ArrayList<>();
        for (int probe = 0; probe < 3; probe++) {
            probes.add(assertInstanceOf(Admitted.class, breaker.admit()).permit());
        }
        assertInstanceOf(Rejected.class, breaker.admit());
        breaker.suspect();
        probes.forEach(probe -> probe.succeeded(GOOD.toNanos()));
        assertEquals(Status.CLOSED, breaker.status());
        assertEquals(new Reason.Suspected(), events.getFirst().reason());
    }

    @ParameterizedTest(name = "{0} requests, {1} failed, {2} slow: {3}")
    @CsvSource({
        "20, 3, 0, OPEN", // 85 %
        "20, 2, 0, CLOSED", // exactly 90 %
        "19, 19, 0, CLOSED", // too few to judge
        "20, 0, 1, CLOSED", // the 19th of 20 is the P95, and it is good
        "20, 0, 2, OPEN",
        "100, 10, 5, CLOSED",
        "100, 11, 0, OPEN",
        "100, 0, 6, OPEN",
        "10, 0, 10, CLOSED",
        "0, 0, 0, CLOSED",
    })
    void opensByEitherIndicatorOverEnoughRequests(int requests, int failed, int slow, Status status) {
        every(SECOND, 31, () -> {
            // All of one window in its first second, then again when that has left it.
            if (ticker.nanos() == 1_000
                    || ticker.nanos() == 1_000 + Duration.ofSeconds(30).toNanos()) {
                report(requests - failed - slow, GOOD, false);
                report(slow, SLOW, false);
                report(failed, GOOD, true);
            }
        });
        assertEquals(status, breaker.status());
    }

    @Test
    void aP95OfExactlyTheLimitIsGood() {
        every(SECOND, 40, () -> report(20, LIMIT, false));
        assertEquals(Status.CLOSED, breaker.status());
        assertEquals(0.0, Math.abs(breaker.p95().orElseThrow().toNanos() / (double) LIMIT.toNanos() - 1), 0.02);
    }

    @Test
    void aResponseTimeOfAFailureCountsToo() {
        // Exactly 90 % succeed, but those that failed took long.
        every(SECOND, 32, () -> {
            report(18, GOOD, false);
            report(2, SLOW, true);
        });
        assertEquals(List.of("CLOSED-OPEN HighP95"), changes());
    }

    @Test
    void opensOnceItHasHeldFor30sAndNotBefore() {
        // Sick at the beginning of second 1; that has held for 30 s at the beginning of second 31.
        every(SECOND, 30, () -> report(20, GOOD, true));
        report(20, GOOD, true);
        ticker.advance(Duration.ofMillis(900));
        admitted();
        assertEquals(List.of(), changes(), "held for 29.9 s");
        ticker.advance(Duration.ofMillis(100));
        Rejected rejected = rejected();
        assertEquals(List.of("CLOSED-OPEN LowSuccess"), changes());
        assertEquals(Duration.ofSeconds(60), rejected.untilHalfOpen());
        assertEquals(new Reason.LowSuccess(600, 600), rejected.reason());
    }

    @Test
    void tellsTheP95ThatOpenedIt() {
        every(SECOND, 32, () -> report(10, Duration.ofSeconds(2), false));
        Reason.HighP95 reason =
                assertInstanceOf(Reason.HighP95.class, rejected().reason());
        assertEquals(300, reason.requests());
        assertEquals(2.0, reason.p95().toNanos() / 1e9, 0.04);
    }

    @Test
    void opensAtTheMomentThatTheSicknessHeldEvenIfNobodyCameByThen() {
        report(20, GOOD, true);
        every(SECOND, 30, () -> report(20, GOOD, true));
        ticker.advance(Duration.ofSeconds(10));
        // Since second 31, and now it is second 40.
        assertEquals(Duration.ofSeconds(51), rejected().untilHalfOpen());
    }

    @Test
    void aHoldThatIsShorterThanTheWindowOpensByOldResultsToo() {
        Breaker.Settings d = Breaker.Settings.DEFAULTS;
        Breaker other = new Breaker(
                "origin",
                new Breaker.Settings(
                        d.bucket(),
                        d.buckets(),
                        d.minRequests(),
                        d.minSuccessPercent(),
                        d.maxP95(),
                        Duration.ofSeconds(5),
                        d.openFor(),
                        d.probes(),
                        d.probeLimit()),
                events::add,
                ticker);
        reportTo(other, 20, GOOD, true);
        ticker.advance(Duration.ofSeconds(6).minusNanos(1));
        assertInstanceOf(Admitted.class, other.admit());
        ticker.advance(Duration.ofNanos(1));
        assertInstanceOf(Rejected.class, other.admit());
    }

    @Test
    void oneBurstOfFailuresIsForgottenBeforeItHasHeld() {
        report(1_000, GOOD, true);
        every(Duration.ofMillis(500), 200, this::admitted);
        assertEquals(List.of(), changes());
    }

    @Test
    void aPauseIsJudgedAsIfSomebodyHadComeByEachSecond() {
        report(20, GOOD, true);
        every(SECOND, 10, () -> report(1, GOOD, true));
        // The window is empty in between, so that the sickness starts anew.
        ticker.advance(Duration.ofSeconds(45));
        every(SECOND, 30, () -> report(20, GOOD, true));
        assertEquals(List.of(), changes());
        every(SECOND, 2, () -> report(20, GOOD, true));
        assertEquals(List.of("CLOSED-OPEN LowSuccess"), changes());
    }

    @Test
    void flappingFasterThanTheHoldNeverOpensIt() {
        for (int round = 0; round < 10; round++) {
            // 25 bad seconds, then so much good that one second heals the whole window.
            every(SECOND, 25, () -> report(4, GOOD, true));
            every(SECOND, 5, () -> report(1_000, GOOD, false));
            every(SECOND, 30, () -> report(1, GOOD, false));
        }
        assertEquals(List.of(), changes());
    }

    @Test
    void theTwoIndicatorsMayTakeTurns() {
        every(SECOND, 20, () -> report(20, GOOD, true));
        every(SECOND, 40, () -> report(500, SLOW, false));
        assertEquals(List.of("CLOSED-OPEN HighP95"), changes().subList(0, 1));
    }

    @Test
    void rejectsFor60sAndThenAdmitsThreeProbes() {
        open();
        assertEquals(Duration.ofSeconds(60), rejected().untilHalfOpen());
        ticker.advance(Duration.ofSeconds(60).minusNanos(1));
        assertEquals(Duration.ofNanos(1), rejected().untilHalfOpen());
        ticker.advance(Duration.ofNanos(1));
        assertEquals(Status.OPEN, breaker.status());
        admitted();
        admitted();
        admitted();
        assertEquals(Status.HALF_OPEN, breaker.status());
        assertEquals(Duration.ofSeconds(10), rejected().untilHalfOpen());
        assertEquals(List.of("OPEN-HALF_OPEN OpenLongEnough"), changes());
    }

    @Test
    void closesWithAFreshWindowWhenAllProbesAreGood() {
        open();
        List<Permit> probes = probes();
        probes.get(0).succeeded(LIMIT.toNanos());
        probes.get(1).succeeded(GOOD.toNanos());
        rejected();
        probes.get(2).succeeded(GOOD.toNanos());
        assertEquals(List.of("OPEN-HALF_OPEN OpenLongEnough", "HALF_OPEN-CLOSED ProbesSucceeded"), changes());
        assertEquals(Optional.empty(), breaker.p95());
        // Nothing of before counts: it takes the whole wait to open again.
        every(SECOND, 30, () -> report(20, GOOD, true));
        assertEquals(2, changes().size());
        every(SECOND, 1, () -> report(20, GOOD, true));
        assertEquals(3, changes().size());
    }

    @ParameterizedTest(name = "after {0} good probes")
    @ValueSource(ints = {0, 1, 2})
    void aFailedProbeOpensItAgain(int good) {
        open();
        List<Permit> probes = probes();
        probes.subList(0, good).forEach(each -> each.succeeded(GOOD.toNanos()));
        probes.get(2).failed(GOOD.toNanos());
        assertEquals(List.of("OPEN-HALF_OPEN OpenLongEnough", "HALF_OPEN-OPEN ProbeFailed"), changes());
        assertEquals(new Rejected(Duration.ofSeconds(60), new Reason.ProbeFailed()), breaker.admit());
    }

    @Test
    void aSlowProbeOpensItAgain() {
        open();
        probes().getFirst().succeeded(SLOW.toNanos());
        assertEquals(new Rejected(Duration.ofSeconds(60), new Reason.ProbeSlow(SLOW)), breaker.admit());
    }

    @Test
    void aProbeThatIsNeverReportedOpensItAgain() {
        open();
        Permit lost = probes().get(2);
        ticker.advance(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(Duration.ofNanos(1), rejected().untilHalfOpen());
        ticker.advance(Duration.ofNanos(1));
        Duration limit = Duration.ofSeconds(10);
        assertEquals(new Rejected(Duration.ofSeconds(60), new Reason.ProbeSlow(limit)), breaker.admit());
        lost.succeeded(GOOD.toNanos());
        assertEquals(Status.OPEN, breaker.status());
    }

    @Test
    void halfOpenWaitsWithoutEndForProbesThatNobodyAsksFor() {
        open();
        ticker.advance(Duration.ofSeconds(60));
        admitted().succeeded(GOOD.toNanos());
        ticker.advance(Duration.ofHours(1));
        admitted().succeeded(GOOD.toNanos());
        admitted().succeeded(GOOD.toNanos());
        assertEquals(Status.CLOSED, breaker.status());
    }

    @Test
    void anAbandonedProbeMakesRoomForAnotherOnce() {
        open();
        List<Permit> probes = probes();
        rejected();
        probes.getFirst().abandoned();
        probes.getFirst().abandoned();
        probes.getFirst().failed(GOOD.toNanos());
        admitted();
        rejected();
        assertEquals(Status.HALF_OPEN, breaker.status());
    }

    @Test
    void anAbandonedRequestDoesNotCount() {
        every(SECOND, 40, () -> {
            report(19, GOOD, true);
            // Together they would be enough to be judged.
            for (int i = 0; i < 20; i++) {
                admitted().abandoned();
            }
            ticker.advance(Duration.ofSeconds(30));
        });
        assertEquals(List.of(), changes());
    }

    @Test
    void resultsOfAnEarlierStateCountNowhere() {
        Permit ofFirst = admitted();
        open();
        ofFirst.failed(GOOD.toNanos());
        ofFirst.succeeded(GOOD.toNanos());
        List<Permit> early = probes();
        ofFirst.failed(GOOD.toNanos());
        assertEquals(Status.HALF_OPEN, breaker.status());
        early.get(0).failed(GOOD.toNanos());
        List<Permit> later = probes();
        early.get(1).failed(GOOD.toNanos());
        early.get(2).succeeded(GOOD.toNanos());
        rejected();
        later.forEach(each -> each.succeeded(GOOD.toNanos()));
        assertEquals(Status.CLOSED, breaker.status());
        events.clear();
        every(SECOND, 40, () -> {
            for (int i = 0; i < 20; i++) {
                ofFirst.failed(GOOD.toNanos());
                early.get(2).failed(GOOD.toNanos());
            }
        });
        assertEquals(List.of(), changes());
    }

    @Test
    void admitsAllWithOneAnswerWhileItIsClosed() {
        Admission first = breaker.admit();
        every(SECOND, 40, () -> {
            report(20, GOOD, false);
            assertSame(first, breaker.admit());
        });
    }

    @ParameterizedTest(name = "{0} ns before the clock overflows")
    @ValueSource(longs = {0, 1_000_000_000L, 31_000_000_000L, 60_000_000_000L, 100_000_000_000L})
    void anOverflowOfTheClockDoesNoHarm(long nanosBefore) {
        ManualTicker late = new ManualTicker(Long.MAX_VALUE - nanosBefore);
        Breaker other = breaker(late);
        for (int second = 0; second < 31; second++) {
            reportTo(other, 20, GOOD, true);
            late.advance(SECOND);
        }
        assertEquals(
                Duration.ofSeconds(60),
                assertInstanceOf(Rejected.class, other.admit()).untilHalfOpen());
        late.advance(Duration.ofSeconds(60));
        for (int probe = 0; probe < 3; probe++) {
            assertInstanceOf(Admitted.class, other.admit()).permit().succeeded(1);
        }
        assertEquals(Status.CLOSED, other.status());
    }

    @Test
    void theP95IsKnownOnceThereAreEnoughFullBuckets() {
        report(20, GOOD, false);
        assertEquals(Optional.empty(), breaker.p95());
        ticker.advance(SECOND);
        assertEquals(50.0, breaker.p95().orElseThrow().toNanos() / 1e6, 1.0);
        ticker.advance(Duration.ofSeconds(30));
        assertEquals(Optional.empty(), breaker.p95());
    }

    /** Runs it, then lets the time pass; so many times. */
    private void every(Duration pause, int times, Runnable step) {
        for (int i = 0; i < times; i++) {
            step.run();
            ticker.advance(pause);
            assertTrue(breaker.status() != Status.HALF_OPEN);
        }
    }

    private void report(int requests, Duration took, boolean failed) {
        reportTo(breaker, requests, took, failed);
    }

    private static void reportTo(Breaker to, int requests, Duration took, boolean failed) {
        for (int i = 0; i < requests; i++) {
            if (to.admit() instanceof Admitted(Permit permit)) {
                if (failed) {
                    permit.failed(took.toNanos());
                } else {
                    permit.succeeded(took.toNanos());
                }
            }
        }
    }

    /** Brings it about, and forgets the events of it. */
    private void open() {
        every(SECOND, 31, () -> report(20, GOOD, true));
        assertEquals(Status.OPEN, breaker.status());
        events.clear();
    }

    private List<Permit> probes() {
        ticker.advance(Duration.ofSeconds(60));
        return List.of(admitted(), admitted(), admitted());
    }

    private Permit admitted() {
        return assertInstanceOf(Admitted.class, breaker.admit()).permit();
    }

    private Rejected rejected() {
        return assertInstanceOf(Rejected.class, breaker.admit());
    }

    private List<String> changes() {
        return events.stream()
                .map(each -> each.from() + "-" + each.to() + " "
                        + each.reason().getClass().getSimpleName())
                .toList();
    }
}
