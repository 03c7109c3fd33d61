package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThroughputTest {
    private static final long MIB = 1 << 20;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();
    private final Throughput throughput = new Throughput(ticker);

    @Test
    void nothingSpeaksAgainstAnAttemptBeforeAnythingWasSeen() {
        assertEquals(Duration.ZERO, throughput.toTransfer(Long.MAX_VALUE));
    }

    @Test
    void aSteadyRateIsToldAsItIs() {
        for (int i = 0; i < 100; i++) {
            throughput.observed(2 * MIB, SECOND);
            ticker.advance(SECOND);
        }
        assertEquals(2.0, seconds(throughput.toTransfer(4 * MIB)), 1e-6);
    }

    @Test
    void theRateOf10sAgoWeighsHalf() {
        throughput.observed(10 * MIB, SECOND);
        ticker.advance(Duration.ofSeconds(10));
        throughput.observed(MIB, SECOND);
        // (10 / 2 + 1) MiB in (1 / 2 + 1) s
        assertEquals(1.0, seconds(throughput.toTransfer(4 * MIB)), 1e-6);
    }

    @Test
    void aLongTransferWeighsMoreThanAShortOne() {
        throughput.observed(9 * MIB, Duration.ofSeconds(9));
        throughput.observed(MIB / 2, SECOND.dividedBy(100));
        assertEquals(9.01 / 9.5, seconds(throughput.toTransfer(MIB)), 1e-6);
    }

    @Test
    void aPauseForgetsNothingUntilThereIsSomethingNewer() {
        throughput.observed(MIB, SECOND);
        ticker.advance(Duration.ofDays(300));
        assertEquals(1.0, seconds(throughput.toTransfer(MIB)), 1e-6);
        throughput.observed(8 * MIB, SECOND);
        assertEquals(1.0, seconds(throughput.toTransfer(8 * MIB)), 1e-6);
    }

    @Test
    void anOriginThatBroughtNothingFitsNoDeadline() {
        throughput.observed(0, SECOND);
        assertEquals(Deadline.LONGEST, throughput.toTransfer(1));
    }

    @Test
    void whatTookNoTimeSaysNothing() {
        throughput.observed(MIB, Duration.ZERO);
        throughput.observed(-1, SECOND);
        assertEquals(Duration.ZERO, throughput.toTransfer(MIB));
    }

    @Test
    void anOverflowOfTheClockDoesNoHarm() {
        ManualTicker late = new ManualTicker(Long.MAX_VALUE - 1);
        Throughput other = new Throughput(late);
        other.observed(MIB, SECOND);
        late.advance(SECOND);
        other.observed(MIB, SECOND);
        assertEquals(1.0, seconds(other.toTransfer(MIB)), 1e-6);
    }

    @ParameterizedTest(name = "{0} MiB after {1} ms in {2} ms: {3}")
    @CsvSource({"4, 0, 4000, true", "4, 0, 3999, false", "4, 500, 4500, true", "4, 501, 4500, false", "0, 0, 0, true"})
    void anAttemptHasToEndInTheTimeLeft(long mebibytes, long waitMillis, long leftMillis, boolean fits) {
        throughput.observed(MIB, SECOND);
        Deadline deadline = Deadline.after(Duration.ofMillis(leftMillis), ticker);
        assertEquals(fits, throughput.fits(mebibytes * MIB, Duration.ofMillis(waitMillis), deadline));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
