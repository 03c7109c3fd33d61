package io.edgedownload.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShareTest {
    private static final long LIMIT = 200_000_000;

    /** What sockets would send, in bytes a second. */
    static List<double[]> demands() {
        return List.of(
                even(1, 1e9),
                even(5_000, 1e9),
                even(300, 1e6),
                IntStream.range(0, 6_000).mapToDouble(at -> at < 3 ? 1e9 : 0).toArray(),
                IntStream.range(0, 100).mapToDouble(at -> at * 1e5).toArray());
    }

    private static double[] even(int sockets, double each) {
        return DoubleStream.generate(() -> each).limit(sockets).toArray();
    }

    @ParameterizedTest
    @MethodSource("demands")
    void whatSocketsDoNotUseIsLeftToTheOthersUntilTheLimitIsUsed(double[] demands) {
        Share share = Share.first(LIMIT, demands.length);
        double sent = sent(demands, share);
        for (int step = 0; step < 40; step++) {
            assertTrue(sent <= LIMIT * 1.5, "one step rises by no more");
            share = share.next(LIMIT, demands.length, sent);
            sent = sent(demands, share);
        }
        assertEquals(Math.min(LIMIT, DoubleStream.of(demands).sum()), sent, LIMIT * 0.05);
    }

    @Test
    void socketsThatBeginToSendAllAtOnceAreBackAtTheLimitInOneStep() {
        double[] busy = even(1_000, 1e9);
        Share idle = new Share(LIMIT);
        assertEquals(LIMIT, sent(busy, idle.next(LIMIT, busy.length, sent(busy, idle))), LIMIT * 0.01);
    }

    @Test
    void aShareIsNeverLessThanWhatAllOfThemTogetherMaySend() {
        LongStream.of(0, 1, 7, 5_000_000_000L).forEach(sockets -> {
            Share share = Share.first(LIMIT, sockets);
            assertTrue(share.bytesPerSecond() >= 1);
            assertEquals(share, share.next(LIMIT, sockets, 1e15));
        });
    }

    private static double sent(double[] demands, Share share) {
        return DoubleStream.of(demands)
                .map(demand -> Math.min(demand, (double) share.bytesPerSecond()))
                .sum();
    }
}
