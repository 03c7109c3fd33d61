package io.edgedownload.engine.breaker;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts durations in cells, 32 to each power of two, from 1 ms (2<sup>20</sup> ns) to 34 s (2<sup>35</sup> ns). Any duration in
 * that range is told from the middle of its cell by at most 1/64; a shorter one is told as 1 ms, a longer one as 34 s. A
 * histogram takes 2 KiB. Counting is one atomic addition; who reads while others count sees some of it.
 */
final class Histogram {
    private static final int CELLS_BITS = 5;
    private static final int CELLS_PER_OCTAVE = 1 << CELLS_BITS;
    private static final int LOWEST_OCTAVE = 20;
    private static final int OCTAVES = 15;
    private static final int OVER = OCTAVES * CELLS_PER_OCTAVE + 1;

    /** How many cells there are: one for what is below the range, one for what is above it. */
    static final int CELLS = OVER + 1;

    private final AtomicIntegerArray cells = new AtomicIntegerArray(CELLS);

    /** A negative duration is none. */
    void count(long durationNanos) {
        cells.getAndIncrement(cellOf(durationNanos));
    }

    /** Adds what was counted to {@code sums}, one for each cell, and returns how much that was. */
    long addTo(long[] sums) {
        long added = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            int count = cells.get(cell);
            sums[cell] += count;
            added += count;
        }
        return added;
    }

    /** The value, by nearest rank, that 95 of 100 durations do not exceed; 0 when {@code total}, the sum of all, is 0. */
    static long p95Nanos(long[] sums, long total) {
        long left = total - total / 20;
        for (int cell = 0; cell < CELLS && left > 0; cell++) {
            left -= sums[cell];
            if (left <= 0) {
                return nanosOf(cell);
            }
        }
        return 0;
    }

    private static int cellOf(long durationNanos) {
        if (durationNanos < 1L << LOWEST_OCTAVE) {
            return 0;
        }
        int octave = 63 - Long.numberOfLeadingZeros(durationNanos);
        if (octave >= LOWEST_OCTAVE + OCTAVES) {
            return OVER;
        }
        int within = (int) (durationNanos >>> (octave - CELLS_BITS)) & (CELLS_PER_OCTAVE - 1);
        return 1 + (octave - LOWEST_OCTAVE) * CELLS_PER_OCTAVE + within;
    }

    /** The middle of a cell. */
    private static long nanosOf(int cell) {
        if (cell == 0) {
            return 1L << LOWEST_OCTAVE;
        }
        if (cell == OVER) {
            return 1L << (LOWEST_OCTAVE + OCTAVES);
        }
        int shift = LOWEST_OCTAVE + (cell - 1) / CELLS_PER_OCTAVE - CELLS_BITS;
        long first = (cell - 1) % CELLS_PER_OCTAVE + (long) CELLS_PER_OCTAVE;
        return (first << shift) + (1L << shift) / 2;
    }
}
