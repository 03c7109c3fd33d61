package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class OutagesTest {
    private static final Manifest ONE = Manifests.published("one", Instant.EPOCH);
    private static final Manifest TWO = Manifests.published("two", Instant.EPOCH);
    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();

    /** Close to the counter's overflow, which must do no harm. */
    private final ManualTicker ticker =
            new ManualTicker(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());

    private final List<String> events = new ArrayList<>();
    private final Outages outages = new Outages(
            Duration.ofSeconds(5),
            new Outages.Listener() {
                @Override
                public void entered(DownloadId first, Failure failure) {
                    events.add("entered " + failure.kind());
                }

                @Override
                public void left(DownloadId last) {
                    events.add("left");
                }
            },
            ticker);

    @Test
    void entersWhenAllLoadsHaveFailedForAWhile() {
        fail(ONE, Kind.UNREACHABLE);
        ticker.advance(Duration.ofMillis(4_999));
        fail(ONE, Kind.UNREACHABLE);
        assertFalse(outages.concern(ONE));
        ticker.advance(Duration.ofMillis(1));
        fail(ONE, Kind.BREAKER_OPEN);

        assertTrue(outages.concern(ONE));
        assertFalse(outages.concern(TWO));
        assertEquals(1, outages.count());
        assertEquals(List.of("entered BREAKER_OPEN"), events);
    }

    @Test
    void aSuccessBetweenBeginsAnew() {
        fail(ONE, Kind.UNREACHABLE);
        ticker.advance(Duration.ofSeconds(4));
        outages.ended(ONE);
        fail(ONE, Kind.UNREACHABLE);
        ticker.advance(Duration.ofSeconds(4));
        fail(ONE, Kind.UNREACHABLE);

        assertFalse(outages.concern(ONE));
        assertEquals(List.of(), events);
    }

    @Test
    void isLeftWithTheFirstSuccessOfTheLastDownload() {
        enter(ONE);
        enter(TWO);
        outages.ended(ONE);
        assertFalse(outages.concern(ONE));
        assertEquals(List.of("entered UNREACHABLE"), events);
        outages.ended(TWO);

        assertEquals(0, outages.count());
        assertEquals(List.of("entered UNREACHABLE", "left"), events);
    }

    @Test
    void isForgottenWhenNobodyAsksAnyMore() {
        enter(ONE);
        ticker.advance(Duration.ofMinutes(9));
        fail(ONE, Kind.UNREACHABLE);
        ticker.advance(Duration.ofMinutes(9));
        assertTrue(outages.concern(ONE));
        ticker.advance(Duration.ofMinutes(1));

        assertFalse(outages.concern(ONE));
        assertEquals(0, outages.count());
        fail(ONE, Kind.UNREACHABLE);
        assertFalse(outages.concern(ONE), "it begins anew");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"INTEGRITY", "LIED", "NO_RANGE", "CHANGED", "FORBIDDEN_ADDRESS", "OVERLOAD", "ACCESS", "MISSING"})
    void whoeverAnswersIsThere(Kind kind) {
        fail(ONE, kind);
        ticker.advance(Duration.ofSeconds(5));
        fail(ONE, kind);

        assertFalse(outages.concern(ONE));
    }

    @Test
    void aCallerInAHurrySaysNothingOfTheSources() {
        outages.failed(ONE, Failure.of(Kind.TIMEOUT, "test"), LONG_NANOS - 1);
        ticker.advance(Duration.ofSeconds(5));
        outages.failed(ONE, Failure.of(Kind.TIMEOUT, "test"), LONG_NANOS - 1);

        assertFalse(outages.concern(ONE));
    }

    @Test
    void staysWithinItsBound() {
        for (int each = 0; each < 2_000; each++) {
            enter(Manifests.published("g" + each, Instant.EPOCH));
        }

        assertEquals(1_000, outages.count());
    }

    private void enter(Manifest manifest) {
        fail(manifest, Kind.UNREACHABLE);
        ticker.advance(Duration.ofSeconds(5));
        fail(manifest, Kind.UNREACHABLE);
        ticker.advance(Duration.ofSeconds(-5));
    }

    private void fail(Manifest manifest, Kind kind) {
        outages.failed(manifest, Failure.of(kind, "test"), LONG_NANOS);
    }
}
