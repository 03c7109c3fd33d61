package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.resolve.NameState.Reply;
import io.edgedownload.engine.resolve.Resolver.Denial;
import io.edgedownload.engine.resolve.Resolver.Freshness;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.resolve.SearchNames.Candidate;
import io.edgedownload.engine.time.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered at once, what is looked up and when, on time that is moved by hand. */
final class NameCacheTest {
    private static final DnsServer SERVER = DnsServer.parse("192.0.2.53");
    private static final String NAME = "origin.example.com";
    private static final List<InetAddress> ONE = List.of(InetAddress.ofLiteral("192.0.2.1"));
    private static final List<InetAddress> OTHER = List.of(InetAddress.ofLiteral("192.0.2.2"));
    private static final List<InetAddress> SIX = List.of(InetAddress.ofLiteral("2001:db8::1"));

    /** Close to the counter's overflow, which must do no harm. */
    private final ManualTicker ticker =
            new ManualTicker(Long.MAX_VALUE - Duration.ofMinutes(3).toNanos());

    private final List<Lookedup> lookups = new ArrayList<>();
    private final List<AddressesChanged> changes = new ArrayList<>();
    private final ResolveCounters counters = new ResolveCounters();
    private NameCache names = cache(new NameCache.Limits(1_000, 1 << 20, 4), new ZoneGuard.Limits(1_000, 1));

    private record Lookedup(String name, Consumer<Learned> learned) {}

    private NameCache cache(NameCache.Limits limits, ZoneGuard.Limits guard) {
        return new NameCache(
                limits,
                LocalResolver.ttl(),
                new ZoneGuard(guard, ticker),
                (name, learned) -> lookups.add(new Lookedup(name, learned)),
                ticker,
                changes::add,
                counters);
    }

    @Test
    void asksOnceForAllWhoWait() {
        Reply.Wait first = waits(NAME);
        Reply.Wait second = waits(NAME);

        learned(found(ONE, 60));

        assertEquals(1, lookups.size());
        assertSame(first.flight(), second.flight());
        assertEquals(ONE, addresses(first));
        assertEquals(ONE, addresses(second));
        assertEquals(ONE, ready(NAME).addresses());
    }

    @Test
    void answersFromTheCacheUntilTheTtlIsOver() {
        resolved(found(ONE, 60));

        after(59_999);
        assertEquals(Freshness.FRESH, ready(NAME).provenance().freshness());
        assertEquals("192.0.2.53", ready(NAME).provenance().server());
        after(1);
        assertInstanceOf(Reply.Wait.class, names.find(new Candidate(NAME, false)));
    }

    @Test
    void keepsAnAnswerWithoutTtlForThoseWhoWaitedAlone() {
        Reply.Wait waiting = waits(NAME);

        learned(found(ONE, 0));

        assertEquals(ONE, addresses(waiting));
        assertInstanceOf(Reply.Wait.class, names.find(new Candidate(NAME, false)));
    }

    @ParameterizedTest(name = "{0} hits, the last {1} s into 100 s: {2} look-ups")
    @CsvSource({"1, 95, 1", "2, 89, 1", "2, 90, 2", "5, 95, 2"})
    void asksAnewInTheLastTenthForWhatIsInUse(int hits, int seconds, int expected) {
        resolved(found(ONE, 100));
        for (int hit = 1; hit < hits; hit++) {
            ready(NAME);
        }

        after(seconds * 1000L);
        ready(NAME);

        assertEquals(expected, lookups.size());
    }

    @Test
    void countsTheHitsOfEachAnswerAnew() {
        resolved(found(ONE, 100));
        ready(NAME);
        after(95_000);
        ready(NAME);
        learned(found(ONE, 100));

        after(95_000);
        ready(NAME);

        assertEquals(2, lookups.size());
    }

    @Test
    void goesOnWithTheOldAnswerWhilePrefetchFails() {
        resolved(found(ONE, 100));
        ready(NAME);
        after(95_000);
        ready(NAME);
        learned(new Learned.Failed("silence"));

        ready(NAME);
        assertEquals(2, lookups.size(), "left alone for 5 s after the failure");
        assertEquals(Freshness.FRESH, ready(NAME).provenance().freshness());
        after(5_000);
        assertInstanceOf(Reply.Wait.class, names.find(new Candidate(NAME, false)), "its time is over");
    }

    @Test
    void anExpiredAnswerIsTheResortOfWhoWaitsForANewOne() {
        resolved(found(ONE, 60));
        after(60_000);

        Reply.Wait wait = waits(NAME);

        Resolution.Resolved stale = assertInstanceOf(Resolution.Resolved.class, wait.instead());
        assertEquals(ONE, stale.addresses());
        assertEquals(Freshness.STALE, stale.provenance().freshness());
        assertEquals(30_000, millisUntil(stale.provenance().untilNanos()));
        assertEquals(1_800, millisUntil(wait.insteadAtNanos()));
        after(1_000);
        assertEquals(800, millisUntil(waits(NAME).insteadAtNanos()), "by the age of the look-up");
    }

    @Test
    void servesStaleAtOnceForAsLongAsTheServersAreLeftAlone() {
        resolved(found(ONE, 60));
        after(60_000);
        Reply.Wait wait = waits(NAME);
        learned(new Learned.Failed("silence"));

        assertEquals(ONE, addresses(wait));
        assertEquals(Freshness.STALE, ready(NAME).provenance().freshness());
        after(29_999);
        ready(NAME);
        assertEquals(2, lookups.size());
        after(1);
        waits(NAME);
        assertEquals(3, lookups.size());
    }

    @Test
    void anAnswerOlderThanADayIsNotUsed() {
        resolved(found(ONE, 60));

        after(Duration.ofHours(24).toMillis());
        assertEquals(Freshness.STALE, staleOf(waits(NAME)).provenance().freshness());
        after(1);
        assertNull(waits(NAME).instead());
        learned(new Learned.Failed("silence"));

        assertEquals(new Resolution.Failed("silence"), readyAny(NAME));
    }

    @Test
    void aDenialEndsAnOldAnswer() {
        resolved(found(ONE, 60));
        after(60_000);
        waits(NAME);
        learned(denied(Denial.NXDOMAIN, 3600L));

        assertInstanceOf(Resolution.NoAddress.class, readyAny(NAME));
        assertEquals(List.of(new AddressesChanged(NAME, Set.of(), Set.copyOf(ONE))), changes);
    }

    @Test
    void denialsHoldLongerTheMoreOftenTheNameIsMissed() {
        List<Long> seconds = new ArrayList<>();
        for (int renewal = 0; renewal < 5; renewal++) {
            waits(NAME);
            learned(denied(Denial.NXDOMAIN, 3600L));
            Resolution.NoAddress answer = assertInstanceOf(Resolution.NoAddress.class, readyAny(NAME));
            readyAny(NAME);
            seconds.add(millisUntil(answer.provenance().untilNanos()) / 1000);
            after(millisUntil(answer.provenance().untilNanos()));
        }

        // Three misses a round: the one that was looked up, and two from the cache.
        assertEquals(List.of(30L, 40L, 50L, 60L, 60L), seconds);
    }

    @Test
    void missesAreForgottenWhenTheNameIsFound() {
        for (int miss = 0; miss < 9; miss++) {
            waits(NAME);
            learned(denied(Denial.NODATA, 3600L));
            after(60_000);
        }
        waits(NAME);
        learned(found(ONE, 1));
        after(1_000);
        waits(NAME);
        learned(denied(Denial.NODATA, 3600L));

        Resolution.NoAddress answer = assertInstanceOf(Resolution.NoAddress.class, readyAny(NAME));
        assertEquals(Denial.NODATA, answer.denial());
        assertEquals(30_000, millisUntil(answer.provenance().untilNanos()));
    }

    @Test
    void aFailureIsKeptForFiveSeconds() {
        Reply.Wait wait = waits(NAME);
        learned(new Learned.Failed("SERVFAIL"));

        assertEquals(new Resolution.Failed("SERVFAIL"), wait.flight().result().getNow(null));
        after(4_999);
        assertEquals(new Resolution.Failed("SERVFAIL"), readyAny(NAME));
        after(1);
        waits(NAME);
        assertEquals(2, lookups.size());
    }

    @Test
    void theLateFamilyJoinsTheAnswer() {
        Reply.Wait wait = waits(NAME);
        learned(new Learned.Addresses(ONE, null, 60, 0, SERVER));
        assertEquals(ONE, ready(NAME).addresses());

        learned(new Learned.Addresses(ONE, SIX, 60, 0, SERVER));

        assertEquals(ONE, addresses(wait));
        assertEquals(List.of(ONE.getFirst(), SIX.getFirst()), ready(NAME).addresses());
        assertEquals(List.of(new AddressesChanged(NAME, Set.copyOf(SIX), Set.of())), changes);
    }

    @Test
    void theLateFamilyOfAnOlderLookupIsTooLate() {
        waits(NAME);
        learned(new Learned.Addresses(ONE, null, 1, 0, SERVER));
        Lookedup older = lookups.getLast();
        after(1_000);
        waits(NAME);
        learned(found(OTHER, 60));

        older.learned().accept(new Learned.Addresses(ONE, SIX, 60, 0, SERVER));

        assertEquals(OTHER, ready(NAME).addresses());
    }

    @Test
    void aFamilyThatIsNotKnownYetKeepsWhatItHad() {
        resolved(new Learned.Addresses(ONE, SIX, 60, 0, SERVER));
        after(60_000);
        waits(NAME);
        learned(new Learned.Addresses(ONE, null, 60, 0, SERVER));

        assertEquals(List.of(ONE.getFirst(), SIX.getFirst()), ready(NAME).addresses());
        assertTrue(changes.isEmpty());
        learned(new Learned.Addresses(ONE, List.of(), 60, 0, SERVER));
        assertEquals(ONE, ready(NAME).addresses());
        assertEquals(List.of(new AddressesChanged(NAME, Set.of(), Set.copyOf(SIX))), changes);
    }

    @Test
    void tellsOfChangedAddressesAndNotOfTheFirstOrTheirOrder() {
        List<InetAddress> both = List.of(ONE.getFirst(), OTHER.getFirst());
        resolved(found(both, 60));
        after(60_000);
        waits(NAME);
        learned(found(both.reversed(), 60));
        assertTrue(changes.isEmpty());
        after(60_000);
        waits(NAME);

        learned(found(OTHER, 60));

        assertEquals(List.of(new AddressesChanged(NAME, Set.of(), Set.copyOf(ONE))), changes);
    }

    @Test
    void aFloodOfNamesThatDoNotExistIsCappedInItsZone() {
        names = cache(new NameCache.Limits(1_000, 1 << 20, 4), new ZoneGuard.Limits(10, 2));
        for (int random = 0; random < 10; random++) {
            waits("r" + random + ".example.com");
            learned(denied(Denial.NXDOMAIN, 3600L));
        }

        Resolution.NoAddress answer = assertInstanceOf(Resolution.NoAddress.class, readyAny("r11.deep.example.com"));
        assertEquals(Denial.GUARDED, answer.denial());
        assertEquals(10, lookups.size());
        assertEquals(1, counters.guardedNames());
        waits("other.example.org");
        after(500);
        waits("r12.example.com");
        assertEquals(12, lookups.size());
    }

    @Test
    void namesFromTheSearchListDoNotUseUpTheShareOfThoseThatAreMeant() {
        names = cache(new NameCache.Limits(1_000, 1 << 20, 4), new ZoneGuard.Limits(1, 1));
        Candidate searched = new Candidate("a.example.com.example.com", true);
        assertInstanceOf(Reply.Wait.class, names.find(searched));
        learned(denied(Denial.NXDOMAIN, 3600L));

        Reply.Ready next =
                assertInstanceOf(Reply.Ready.class, names.find(new Candidate("b.example.com.example.com", true)));
        assertEquals(
                Denial.GUARDED,
                assertInstanceOf(Resolution.NoAddress.class, next.resolution()).denial());
        waits("a.example.com");
        learned(denied(Denial.NXDOMAIN, 3600L));
        readyAny("b.example.com");
        assertEquals(2, lookups.size());
    }

    @Test
    void aFloodDoesNotTouchWhatIsKnown() {
        names = cache(new NameCache.Limits(1_000, 1 << 20, 4), new ZoneGuard.Limits(1, 1));
        resolved(found(ONE, 1));
        waits("r.example.com");
        learned(denied(Denial.NXDOMAIN, 3600L));

        assertEquals(ONE, ready(NAME).addresses());
        after(1_000);
        assertEquals(ONE, staleOf(waits(NAME)).addresses());
    }

    @Test
    void looksUpSoManyNamesAtOnceAndNoMore() {
        for (int name = 0; name < 4; name++) {
            waits("n" + name + ".example.com");
        }

        assertEquals(new Resolution.Failed("too many look-ups are under way"), readyAny("n4.example.com"));
        learned(found(ONE, 60));
        waits("n4.example.com");
        assertEquals(1, counters.refusedLookups());
    }

    @Test
    void staysWithinItsBounds() {
        names = cache(new NameCache.Limits(100, 1 << 20, 4), new ZoneGuard.Limits(10_000, 1));
        for (int name = 0; name < 10_000; name++) {
            waits("n" + name + ".example.com");
            learned(found(ONE, 60));
        }

        assertTrue(names.entries() <= 100, "entries: " + names.entries());
        assertTrue(names.estimatedBytes() <= 1 << 20, "bytes: " + names.estimatedBytes());
        assertFalse(names.entries() == 0);
    }

    @Test
    void aNameThatCannotBeOneFailsLikeAnyOther() {
        names = new NameCache(
                new NameCache.Limits(10, 1 << 20, 4),
                LocalResolver.ttl(),
                new ZoneGuard(new ZoneGuard.Limits(10, 10), ticker),
                (name, _) -> {
                    throw new IllegalArgumentException("'" + name + "' is not a name");
                },
                ticker,
                changes::add,
                counters);

        assertEquals(
                new Resolution.Failed("'a..b' is not a name"),
                waits("a..b").flight().result().getNow(null));
    }

    private Reply.Wait waits(String name) {
        return assertInstanceOf(Reply.Wait.class, names.find(new Candidate(name, false)));
    }

    private Resolution readyAny(String name) {
        return assertInstanceOf(Reply.Ready.class, names.find(new Candidate(name, false)))
                .resolution();
    }

    private Resolution.Resolved ready(String name) {
        return assertInstanceOf(Resolution.Resolved.class, readyAny(name));
    }

    private static Resolution.Resolved staleOf(Reply.Wait wait) {
        return assertInstanceOf(Resolution.Resolved.class, wait.instead());
    }

    private static List<InetAddress> addresses(Reply.Wait wait) {
        @Nullable Resolution landed = wait.flight().result().getNow(null);
        return assertInstanceOf(Resolution.Resolved.class, Objects.requireNonNull(landed))
                .addresses();
    }

    private void resolved(Learned learned) {
        waits(NAME);
        learned(learned);
    }

    private void learned(Learned learned) {
        lookups.getLast().learned().accept(learned);
    }

    private void after(long millis) {
        ticker.advance(Duration.ofMillis(millis));
    }

    private long millisUntil(long atNanos) {
        return Duration.ofNanos(atNanos - ticker.nanos()).toMillis();
    }

    private static Learned found(List<InetAddress> addresses, long ttlSeconds) {
        return new Learned.Addresses(addresses, List.of(), ttlSeconds, 0, SERVER);
    }

    private static Learned denied(Denial denial, long soaSeconds) {
        return new Learned.Denied(denial, new Answer.Soa(Question.nameOf("example.com"), soaSeconds), SERVER);
    }
}
