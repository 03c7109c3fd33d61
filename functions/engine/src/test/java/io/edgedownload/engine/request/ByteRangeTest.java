package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ByteRangeTest {
    @Test
    void countsBothEnds() {
        assertEquals(1, new ByteRange(7, 7).length());
        assertEquals(100, new ByteRange(0, 99).length());
    }

    @Test
    void writesTheFieldsOfRequestAndAnswer() {
        assertEquals("bytes=5-9", new ByteRange(5, 9).field());
        assertEquals("bytes 5-9/100", new ByteRange(5, 9).contentRange(100));
    }

    @ParameterizedTest
    @CsvSource({"-1, 5", "5, 4", "-2, -1"})
    void refusesWhatIsNoRangeAndSaysWhy(long first, long last) {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> new ByteRange(first, last));
        assertTrue(String.valueOf(refused.getMessage()).contains(first + "-" + last), refused::toString);
    }
}
