package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RepresentationTest {
    @Test
    void cutsTheModificationDateToTheSecond() {
        Instant date = Instant.parse("2026-01-02T03:04:05.678Z");
        assertEquals(Instant.parse("2026-01-02T03:04:05Z"), new Representation(0, "\"g\"", date).lastModified());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "\"", "\"g", "g\"", "W/\"g\"", "\"a\"b\"", "\"a b\"", "\"a\", \"b\""})
    void refusesAnEntityTagThatIsNotStrongOrNotOne(String etag) {
        assertThrows(IllegalArgumentException.class, () -> new Representation(0, etag, null));
    }

    @Test
    void refusesANegativeLength() {
        assertThrows(IllegalArgumentException.class, () -> new Representation(-1, "\"g\"", null));
    }
}
