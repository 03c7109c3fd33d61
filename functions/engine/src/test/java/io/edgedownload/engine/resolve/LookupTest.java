package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the answers of the two families are told, and what they say together. */
final class LookupTest {
    private static final DnsServer SERVER = DnsServer.parse("192.0.2.53");
    private static final List<InetAddress> FOUR = List.of(InetAddress.ofLiteral("192.0.2.1"));
    private static final List<InetAddress> SIX = List.of(InetAddress.ofLiteral("2001:db8::1"));
    private static final FamilyAnswer FOUND_FOUR = new FamilyAnswer.Found(FOUR, 60, SERVER, 1);
    private static final FamilyAnswer FOUND_SIX = new FamilyAnswer.Found(SIX, 30, SERVER, 2);
    private static final FamilyAnswer NXDOMAIN = new FamilyAnswer.Denied(true, null, SERVER);
    private static final FamilyAnswer NODATA = new FamilyAnswer.Denied(false, null, SERVER);
    private static final FamilyAnswer FAILED = new FamilyAnswer.Failed("silence");

    private final ManualTicker ticker = new ManualTicker();
    private final Map<Family, CompletableFuture<FamilyAnswer>> asked = new EnumMap<>(Family.class);
    private final List<Learned> told = new ArrayList<>();

    @BeforeEach
    void start() {
        Lookup.start(
                (family, _) -> asked.computeIfAbsent(family, _ -> new CompletableFuture<>()),
                ticker,
                Duration.ofMillis(50),
                told::add,
                Deadline.after(Duration.ofSeconds(5), ticker));
    }

    @Test
    void asksForBothFamiliesAtOnce() {
        assertEquals(2, asked.size());
    }

    @Test
    void bothTogetherAreToldOnce() {
        answer(Family.IPV4, FOUND_FOUR);
        answer(Family.IPV6, FOUND_SIX);
        ticker.advance(Duration.ofSeconds(1));

        assertEquals(List.of(addresses(FOUR, SIX, 30, 2)), told);
    }

    @Test
    void aLostFamilyDelaysTheOtherByTheResolutionDelayAlone() {
        answer(Family.IPV4, FOUND_FOUR);
        ticker.advance(Duration.ofMillis(49));
        assertTrue(told.isEmpty());
        ticker.advance(Duration.ofMillis(1));

        assertEquals(List.of(addresses(FOUR, null, 60, 1)), told);
    }

    @Test
    void theLateFamilyIsToldThen() {
        answer(Family.IPV6, FOUND_SIX);
        ticker.advance(Duration.ofMillis(50));
        answer(Family.IPV4, FOUND_FOUR);

        assertEquals(List.of(addresses(null, SIX, 30, 2), addresses(FOUR, SIX, 30, 2)), told);
    }

    @Test
    void aLateDenialSaysThatTheFamilyIsEmpty() {
        answer(Family.IPV4, FOUND_FOUR);
        ticker.advance(Duration.ofMillis(50));
        answer(Family.IPV6, NODATA);

        assertEquals(addresses(FOUR, List.of(), 60, 1), told.getLast());
    }

    @Test
    void aLateFailureIsNoNews() {
        answer(Family.IPV4, FOUND_FOUR);
        ticker.advance(Duration.ofMillis(50));
        answer(Family.IPV6, FAILED);

        assertEquals(List.of(addresses(FOUR, null, 60, 1)), told);
    }

    @Test
    void aNameThatDoesNotExistNeedsNoSecondAnswer() {
        answer(Family.IPV4, NXDOMAIN);

        assertEquals(List.of(new Learned.Denied(Resolver.Denial.NXDOMAIN, null, SERVER)), told);
    }

    @Test
    void aServerThatDeniesTheNameForAaaaAloneIsNotBelieved() {
        answer(Family.IPV6, NXDOMAIN);
        ticker.advance(Duration.ofSeconds(1));
        assertTrue(told.isEmpty());
        answer(Family.IPV4, FOUND_FOUR);

        assertEquals(List.of(addresses(FOUR, List.of(), 60, 1)), told);
    }

    @Test
    void noDataForBothIsNoData() {
        answer(Family.IPV6, NODATA);
        answer(Family.IPV4, NODATA);

        assertEquals(List.of(new Learned.Denied(Resolver.Denial.NODATA, null, SERVER)), told);
    }

    @Test
    void noDataForOneSaysNothingOfAFamilyThatFailed() {
        answer(Family.IPV4, NODATA);
        answer(Family.IPV6, FAILED);

        assertEquals(List.of(new Learned.Failed("silence")), told);
    }

    @Test
    void twoFailuresAreOne() {
        answer(Family.IPV4, FAILED);
        answer(Family.IPV6, FAILED);

        assertEquals(List.of(new Learned.Failed("silence")), told);
    }

    private void answer(Family family, FamilyAnswer answer) {
        Objects.requireNonNull(asked.get(family)).complete(answer);
    }

    private static Learned addresses(
            @Nullable List<InetAddress> ipv4, @Nullable List<InetAddress> ipv6, long ttlSeconds, long latencyNanos) {
        return new Learned.Addresses(ipv4, ipv6, ttlSeconds, latencyNanos, SERVER);
    }
}
