package io.edgedownload.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HotCountsTest {
    private final ManualTicker ticker = new ManualTicker();
    private final HotCounts counts = new HotCounts(10, ticker);

    @Test
    void theHottestComeFirstAndNoMoreThanWanted() {
        use(0, 1);
        use(1, 3);
        use(2, 2);
        assertEquals(List.of(chunk(1, 3), chunk(2, 2), chunk(0, 1)), counts.hottest(10));
        assertEquals(List.of(chunk(1, 3), chunk(2, 2)), counts.hottest(2));
    }

    @Test
    void aRequestCountsHalfAfterEachHalfLife() {
        use(0, 8);
        counts.hottest(10);
        ticker.advance(HotCounts.HALF_LIFE);
        use(1, 5);
        assertEquals(List.of(chunk(1, 5), chunk(0, 4)), counts.hottest(10));
        ticker.advance(HotCounts.HALF_LIFE.multipliedBy(2));
        assertEquals(List.of(chunk(1, 1.25), chunk(0, 1)), counts.hottest(10));
    }

    @Test
    void aDayLaterAnEighthIsLeft() {
        use(0, 80);
        counts.hottest(10);
        ticker.advance(Duration.ofHours(24));
        assertEquals(10, counts.hottest(10).getFirst().score(), 1e-9);
    }

    @Test
    void whatNobodyAsksForAnyMoreIsForgotten() {
        use(0, 1);
        assertEquals(List.of(chunk(0, 1)), counts.hottest(10));
        ticker.advance(HotCounts.HALF_LIFE.plusSeconds(1));
        assertEquals(List.of(), counts.hottest(10));
    }

    @Test
    void ofManyThatAreAskedForOnceTheHotOnesStay() {
        for (int round = 0; round < 50; round++) {
            use(0, 10);
            for (int index = 0; index < 100; index++) {
                use(1_000 + round * 100 + index, 1);
            }
        }
        List<HotChunk> hottest = counts.hottest(1_000);
        assertEquals(key(0), hottest.getFirst().key());
        assertTrue(hottest.getFirst().score() >= 400, () -> "counted: " + hottest.getFirst());
        assertTrue(hottest.size() <= 80, () -> "bounded: " + hottest.size());
    }

    @Test
    void whatSeveralInstancesSayIsAddedUp() {
        HotSet merged = HotSet.merged(
                List.of(List.of(chunk(1, 3), chunk(2, 2)), List.of(chunk(2, 2), chunk(3, 1)), List.of()), 2);
        assertEquals(List.of(chunk(2, 4), chunk(1, 3)), merged.chunks());
    }

    private void use(long index, int times) {
        for (int time = 0; time < times; time++) {
            counts.used(key(index), 64);
        }
    }

    private static HotChunk chunk(long index, double score) {
        return new HotChunk(key(index), 64, score);
    }

    private static ChunkKey key(long index) {
        return new ChunkKey(new DownloadId("file"), "g1", index, 65_536);
    }
}
