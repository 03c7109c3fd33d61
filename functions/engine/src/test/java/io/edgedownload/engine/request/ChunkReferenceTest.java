package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkReferenceTest {
    private static final int SIZE_BYTES = 65536;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1, 65536, 1, 65536",
                "001, 4194304, 1, 4194304",
                "000000000012, 000000065536, 12, 65536",
                "999999999999, 16777216, 999999999999, 16777216",
                "99999999999999999999, 65536, 9223372036854775807, 65536",
                "7, -, 7, 131072"
            })
    void readsDigitsWithLeadingZerosAndTheDefaultSize(String chunk, @Nullable String size, long number, int sizeBytes) {
        assertEquals(new ChunkReference(number, sizeBytes), ChunkReference.parse(chunk, size, 131072));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, 65536, chunk",
                "0, 65536, chunk",
                "000, 65536, chunk",
                "-1, 65536, chunk",
                "+1, 65536, chunk",
                "` 1`, 65536, chunk",
                "1.0, 65536, chunk",
                "0x1, 65536, chunk",
                "\u0661, 65536, chunk",
                "1, ``, size",
                "1, 0, size",
                "1, 1, size",
                "1, 65535, size",
                "1, 32768, size",
                "1, 196608, size",
                "1, 33554432, size",
                "1, 4294967296, size",
                "1, 4295032832, size",
                "1, 999999999999, size",
                "1, 1000000000000, size",
                "1, 64K, size"
            })
    void refusesOtherParametersAndNamesThem(String chunk, String size, String named) {
        Exception refused = assertThrows(
                IllegalArgumentException.class,
                () -> ChunkReference.parse(chunk, size, ChunkReference.DEFAULT_SIZE_BYTES));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(named + " must be "), refused::toString);
    }

    @Test
    void validSizesAre64KiBTimesAPowerOfTwoUpTo16MiB() {
        int valid = 0;
        for (long sizeBytes = -SIZE_BYTES; sizeBytes <= 1L << 25; sizeBytes += 1024) {
            valid += ChunkReference.validSize(sizeBytes) ? 1 : 0;
        }
        assertEquals(9, valid);
        assertTrue(ChunkReference.validSize(64 << 10) && ChunkReference.validSize(16 << 20));
        assertTrue(ChunkReference.validSize(ChunkReference.DEFAULT_SIZE_BYTES));
        assertEquals(4194304, ChunkReference.DEFAULT_SIZE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, (1L << 32) + 65536, Long.MAX_VALUE})
    void noSizeIsValidForItsLowerBits(long sizeBytes) {
        assertTrue(!ChunkReference.validSize(sizeBytes));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 65536, 0, 65535",
        "1, 65537, 0, 65535",
        "2, 65537, 65536, 65536",
        "2, 131072, 65536, 131071",
        "1, 1, 0, 0",
        "3, 140000, 131072, 139999",
        "140737488355328, 9223372036854775807, 9223372036854710272, 9223372036854775806"
    })
    void theLastChunkIsShorter(long number, long lengthBytes, long first, long last) {
        assertEquals(
                Optional.of(new ByteRange(first, last)), new ChunkReference(number, SIZE_BYTES).within(lengthBytes));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 65536", "3, 131072", "999999999999, 67108864", "9223372036854775807, 67108864"})
    void thereIsNoChunkBeyondTheEndNorInAnEmptyObject(long number, long lengthBytes) {
        assertEquals(Optional.empty(), new ChunkReference(number, SIZE_BYTES).within(lengthBytes));
    }

    /** (2⁴⁰ + 1 − 1) × 2²⁴ is 2⁶⁴, which wraps around to the first byte. */
    @Test
    void aNumberWhosePositionWrapsAroundIsBeyondTheEnd() {
        assertEquals(Optional.empty(), new ChunkReference((1L << 40) + 1, 16 << 20).within(64 << 20));
        assertEquals(
                Optional.empty(),
                ChunkReference.parse("999999999999", "16777216", 1).within(64 << 20));
    }
}
