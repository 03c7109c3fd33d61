package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.Revalidation.Checked;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Fresh for a minute, then used for ten while the sources are asked, or for an hour while they cannot be. */
final class RevalidationTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Lifetime LIFETIME =
            new Lifetime(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofHours(1));
    private static final Manifest PUBLISHED = Manifests.published("one", NOW);
    private static final Failure DOWN = Failure.of(Kind.UNREACHABLE, "test");

    private final ManualTicker ticker =
            new ManualTicker(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());
    private final Deque<Runnable> started = new ArrayDeque<>();
    private final List<Checked> told = new ArrayList<>();
    private Checked next = new Checked.Unchanged();
    private final Revalidation revalidation = revalidation(LIFETIME);

    private Revalidation revalidation(Lifetime lifetime) {
        return new Revalidation(
                lifetime, _ -> next, started::add, (_, checked) -> told.add(checked), () -> NOW, ticker);
    }

    @Test
    void nobodyIsAskedWhileItIsFresh() {
        current();
        after(Duration.ofSeconds(59));
        current();

        assertEquals(0, started.size());
    }

    @Test
    void oneRequestAsksWhileAllAreServed() {
        current();
        after(Duration.ofSeconds(60));
        for (int each = 0; each < 100; each++) {
            current();
        }
        assertEquals(1, started.size());
        answer(new Checked.Unchanged());
        after(Duration.ofSeconds(59));
        current();

        assertEquals(0, started.size());
        assertEquals(List.of(new Checked.Unchanged()), told);
    }

    @Test
    void whatIsTooOldWaitsForTheAnswer() {
        current();
        after(Duration.ofMinutes(11));
        CompletableFuture<Standing> first = asking();
        CompletableFuture<Standing> second = asking();
        assertEquals(1, started.size());
        answer(new Checked.Unchanged());

        assertEquals(new Standing.Current(), first.join());
        assertEquals(new Standing.Current(), second.join());
    }

    @Test
    void losingPatienceItIsServedStale() {
        Lifetime hasty = new Lifetime(LIFETIME.fresh(), Duration.ZERO, LIFETIME.staleIfError(), Duration.ZERO);
        Revalidation impatient = revalidation(hasty);
        impatient.of(PUBLISHED, soon());
        after(Duration.ofMinutes(2));
        Standing.Asking asking = assertInstanceOf(Standing.Asking.class, impatient.of(PUBLISHED, soon()));

        assertEquals(
                Kind.TIMEOUT,
                assertInstanceOf(Standing.Stale.class, asking.answer().join())
                        .failure()
                        .kind());
        answer(new Checked.Unchanged());
        assertEquals(new Standing.Current(), impatient.of(PUBLISHED, soon()));
    }

    @Test
    void anotherStateAtTheSourcesSupersedesIt() {
        current();
        after(Duration.ofMinutes(11));
        CompletableFuture<Standing> waiting = asking();
        answer(new Checked.Replaced("two"));

        assertEquals(new Standing.Superseded(), waiting.join());
    }

    @Test
    void itIsUsedForAWhileWhenNobodyCanBeAsked() {
        current();
        after(Duration.ofMinutes(1));
        current();
        answer(new Checked.Failed(DOWN));

        assertEquals(new Standing.Stale(DOWN), revalidation.of(PUBLISHED, soon()));
        assertTrue(revalidation.isStale(PUBLISHED));
        after(Duration.ofHours(1).minusNanos(1));
        assertEquals(new Standing.Stale(DOWN), revalidation.of(PUBLISHED, soon()));
        answer(new Checked.Failed(DOWN));
        after(Duration.ofNanos(1));
        assertEquals(new Standing.Expired(DOWN), revalidation.of(PUBLISHED, soon()));
        after(Duration.ofSeconds(5));
        CompletableFuture<Standing> again = asking();
        answer(new Checked.Unchanged());
        assertEquals(new Standing.Current(), again.join());
        assertFalse(revalidation.isStale(PUBLISHED));
    }

    @Test
    void sourcesInTroubleAreAskedAfterAPauseOnly() {
        current();
        after(Duration.ofMinutes(1));
        current();
        answer(new Checked.Failed(DOWN));
        after(Duration.ofSeconds(5).minusNanos(1));
        assertEquals(new Standing.Stale(DOWN), revalidation.of(PUBLISHED, soon()));
        assertEquals(0, started.size());
        after(Duration.ofNanos(1));
        assertEquals(new Standing.Stale(DOWN), revalidation.of(PUBLISHED, soon()));

        assertEquals(1, started.size());
    }

    @Test
    void whatContradictsItHasItCheckedBeforeItsTime() {
        current();
        after(Duration.ofSeconds(5));
        revalidation.doubt(PUBLISHED);
        revalidation.doubt(PUBLISHED);
        current();
        assertEquals(1, started.size());
        answer(new Checked.Unchanged());
        revalidation.doubt(PUBLISHED);

        assertEquals(0, started.size(), "just confirmed");
    }

    @Test
    void ofAnotherInstancesOldPublicationTheFirstRequestAsksWithoutWaiting() {
        assertEquals(
                new Standing.Current(),
                revalidation.of(Manifests.published("old", NOW.minus(Duration.ofDays(9))), soon()));
        assertEquals(1, started.size());
    }

    @Test
    void aPublicationFromTheFutureIsNew() {
        assertEquals(
                new Standing.Current(),
                revalidation.of(Manifests.published("new", NOW.plus(Duration.ofDays(9))), soon()));
        assertEquals(0, started.size());
    }

    @Test
    void aCheckThatBreaksIsAFailure() {
        Revalidation broken = new Revalidation(
                LIFETIME,
                _ -> {
                    throw new IllegalStateException("test");
                },
                started::add,
                (_, checked) -> told.add(checked),
                () -> NOW,
                ticker);
        broken.of(PUBLISHED, soon());
        after(Duration.ofMinutes(1));
        broken.of(PUBLISHED, soon());
        started.remove().run();

        assertInstanceOf(Standing.Stale.class, broken.of(PUBLISHED, soon()));
        assertInstanceOf(Checked.Failed.class, told.getFirst());
    }

    private Deadline soon() {
        return Deadline.after(Duration.ofHours(9), ticker);
    }

    private void after(Duration duration) {
        ticker.advance(duration);
    }

    private void answer(Checked checked) {
        next = checked;
        started.remove().run();
    }

    private void current() {
        assertEquals(new Standing.Current(), revalidation.of(PUBLISHED, soon()));
    }

    private CompletableFuture<Standing> asking() {
        return assertInstanceOf(Standing.Asking.class, revalidation.of(PUBLISHED, soon()))
                .answer();
    }
}
