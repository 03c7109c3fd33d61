package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.resolve.Answer.Soa;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

final class TtlPolicyTest {
    private final TtlPolicy policy = LocalResolver.ttl();

    @ParameterizedTest(name = "{0} s, answered in {1} ms, holds {2} s")
    @CsvSource({
        "0, 10, 0",
        "1, 10, 1",
        "900, 10, 900",
        "901, 10, 900",
        "2147483647, 10, 900",
        // Slow answers: 300 s at 200 ms down to 120 s at 1 s and beyond.
        "900, 200, 900",
        "900, 201, 299.775",
        "900, 600, 210",
        "900, 1000, 120",
        "900, 5000, 120",
        "100, 5000, 100",
    })
    void addressesHoldAsPublishedWithinBounds(long ttlSeconds, long latencyMillis, double seconds) {
        long nanos = policy.positiveNanos(
                ttlSeconds, Duration.ofMillis(latencyMillis).toNanos());

        assertEquals(seconds, nanos / 1e9, 1e-6);
    }

    @ParameterizedTest(name = "SOA {0} s after {1} misses holds {2} s")
    @CsvSource({
        "0, 0, 30",
        "5, 0, 30",
        "30, 0, 30",
        "3600, 0, 30",
        "3600, 2, 30",
        "3600, 3, 40",
        "3600, 5, 40",
        "3600, 6, 50",
        "3600, 9, 60",
        "3600, 12, 60",
        "3600, 1000000, 60",
        "35, 9, 35",
        "5, 9, 30",
    })
    void denialsHoldAsTheSoaSaysWithinASpanThatGrowsWithTheMisses(long soaSeconds, int misses, long seconds) {
        long nanos = policy.denialNanos(new Soa(Name.root, soaSeconds), misses);

        assertEquals(seconds, Duration.ofNanos(nanos).toSeconds());
    }

    @ParameterizedTest
    @CsvSource({"0", "9"})
    void denialsWithoutSoaHoldLikeAFailure(int misses) {
        assertEquals(policy.failure().toNanos(), policy.denialNanos(null, misses));
    }

    @ParameterizedTest(name = "{0} s: from {1} s on")
    @CsvSource({"100, 90", "10, 9", "1, 0.9"})
    void prefetchesInTheLastTenthOfALife(double ttlSeconds, double fromSeconds) {
        long learned = Long.MAX_VALUE - 5_000_000_000L;

        long from = policy.prefetchFromNanos(learned, learned + (long) (ttlSeconds * 1e9));

        assertEquals(fromSeconds, (from - learned) / 1e9, 1e-6);
    }

    @Test
    void countsNoMissesThatChangeNothing() {
        assertEquals(9, policy.countedMisses());
    }
}
