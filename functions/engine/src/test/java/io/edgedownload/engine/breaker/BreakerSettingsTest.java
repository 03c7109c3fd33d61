package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BreakerSettingsTest {
    @Test
    void theDefaultsAreThose() {
        assertEquals(settings(1_000, 30, 20, 90, 800, 30_000, 60_000, 3, 10_000), Breaker.Settings.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 30, 20, 90, 800, 30000, 60000, 3, 10000, bucket",
        "1000, 0, 20, 90, 800, 30000, 60000, 3, 10000, buckets",
        "1000, 301, 20, 90, 800, 30000, 60000, 3, 10000, buckets",
        "1000, 30, 0, 90, 800, 30000, 60000, 3, 10000, minRequests",
        "1000, 30, 20, -1, 800, 30000, 60000, 3, 10000, minSuccessPercent",
        "1000, 30, 20, 101, 800, 30000, 60000, 3, 10000, minSuccessPercent",
        "1000, 30, 20, 90, 0, 30000, 60000, 3, 10000, maxP95",
        "1000, 30, 20, 90, 30001, 30000, 60000, 3, 40000, maxP95",
        "1000, 30, 20, 90, 800, -1, 60000, 3, 10000, hold",
        "1000, 30, 20, 90, 800, 30000, 0, 3, 10000, openFor",
        "1000, 30, 20, 90, 800, 30000, 60000, 0, 10000, probes",
        "1000, 30, 20, 90, 800, 30000, 60000, 3, 800, probeLimit",
        "1000, 30, 20, 90, 800, 30000, 86400001, 3, 10000, openFor",
    })
    void whatMakesNoSenseIsRefusedByItsName(
            long bucket,
            int buckets,
            int requests,
            int percent,
            long p95,
            long hold,
            long open,
            int probes,
            long limit,
            String name) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> settings(bucket, buckets, requests, percent, p95, hold, open, probes, limit));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("breaker: " + name + " is "));
    }

    private static Breaker.Settings settings(
            long bucket,
            int buckets,
            int requests,
            int percent,
            long p95,
            long hold,
            long open,
            int probes,
            long limit) {
        return new Breaker.Settings(
                Duration.ofMillis(bucket),
                buckets,
                requests,
                percent,
                Duration.ofMillis(p95),
                Duration.ofMillis(hold),
                Duration.ofMillis(open),
                probes,
                Duration.ofMillis(limit));
    }
}
