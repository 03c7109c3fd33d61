package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class HistogramTest {
    private static final long MILLI = 1_000_000;
    private static final long LEAST_NANOS = 1L << 20;
    private static final long MOST_NANOS = 1L << 35;

    static Stream<Arguments> distributions() {
        return Stream.<ToLongFunction<Random>>of(
                        random -> random.nextLong(2 * MILLI, 30_000 * MILLI),
                        random -> (long) (LEAST_NANOS * Math.exp(random.nextDouble() * 10)),
                        random -> (long) (100 * MILLI * Math.exp(random.nextGaussian())),
                        random -> (random.nextInt(100) < 94 ? 20 : 5_000) * MILLI + random.nextLong(MILLI),
                        random -> 800 * MILLI)
                .flatMap(each -> LongStream.range(0, 20).mapToObj(seed -> Arguments.of(each, seed)));
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void theP95OfAnyDistributionIsWithin2Percent(ToLongFunction<Random> distribution, long seed) {
        Random random = new Random(seed);
        long[] nanos = LongStream.generate(() -> distribution.applyAsLong(random))
                .limit(1 + random.nextInt(3_000))
                .map(each -> Math.clamp(each, LEAST_NANOS, MOST_NANOS - 1))
                .toArray();
        double told = p95Nanos(nanos);
        Arrays.sort(nanos);
        long exact = nanos[(int) Math.ceil(0.95 * nanos.length) - 1];
        assertEquals(1, told / exact, 0.02);
    }

    @Test
    void everyDurationInItsRangeIsWithin2Percent() {
        for (long nanos = LEAST_NANOS; nanos < MOST_NANOS; nanos += 1 + nanos / 1_000) {
            assertEquals(1, p95Nanos(nanos) / (double) nanos, 0.02);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1048576",
        "0, 1048576",
        "1048575, 1048576",
        "34359738368, 34359738368",
        "9223372036854775807, 34359738368",
    })
    void whatIsOutOfItsRangeIsToldAsItsEnds(long nanos, long told) {
        assertEquals(told, p95Nanos(nanos));
    }

    @Test
    void theP95OfNothingIsZero() {
        assertEquals(0, p95Nanos());
    }

    @Test
    void theP95Of20IsThe19thOfThem() {
        long[] nanos =
                LongStream.rangeClosed(1, 20).map(each -> each * 100 * MILLI).toArray();
        assertTrue(Math.abs(p95Nanos(nanos) - 1_900 * MILLI) < 38 * MILLI);
    }

    private static long p95Nanos(long... nanos) {
        Histogram histogram = new Histogram();
        Arrays.stream(nanos).forEach(histogram::count);
        long[] sums = new long[Histogram.CELLS];
        long total = histogram.addTo(sums);
        assertEquals(nanos.length, total);
        return Histogram.p95Nanos(sums, total);
    }
}
