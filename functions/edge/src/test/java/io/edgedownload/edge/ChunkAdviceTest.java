package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChunkAdviceTest {
    @ParameterizedTest(name = "downlink {0}, rtt {1}")
    @CsvSource({
        ", , 4194304",
        "100, 20, 4194304",
        "10, 50, 2097152",
        "8, 150, 1048576",
        "1.6, , 262144",
        "0.4, 400, 65536",
        "0.01, 2000, 65536",
        // A long way: what is under way decides.
        "10, 1000, 4194304",
        "1, 900, 262144",
        // Without a downlink the round trip says what kind of network it is.
        ", 269, 4194304",
        ", 270, 131072",
        ", 1400, 65536",
        // What is no number says nothing.
        "fast, -1, 4194304",
        "1e9, 1_0, 4194304",
        "99999999, , 4194304",
    })
    void aChunkTakesAboutTwoSeconds(@Nullable String downlink, @Nullable String rtt, int sizeBytes) {
        assertEquals(sizeBytes, ChunkAdvice.of(downlink, rtt).sizeBytes(4 << 20));
    }

    @ParameterizedTest
    @CsvSource({"65536, 65536", "1048576, 1048576"})
    void isNeverLargerThanWhatTheObjectIsCutBy(int publishedBytes, int sizeBytes) {
        assertEquals(sizeBytes, ChunkAdvice.of("1000", "10").sizeBytes(publishedBytes));
    }
}
