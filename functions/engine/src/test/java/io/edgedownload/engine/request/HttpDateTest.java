package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDateTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"EEE, dd MMM uuuu HH:mm:ss 'GMT'", "EEEE, dd-MMM-uu HH:mm:ss 'GMT'", "EEE MMM ppd HH:mm:ss uuuu"
            })
    void readsEveryDayOfALeapYear(String format) {
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
        LocalDateTime start = LocalDateTime.of(2024, 1, 1, 23, 59, 58);
        for (int day = 0; day < 366; day++) {
            LocalDateTime date = start.plusDays(day);
            assertEquals(date.toInstant(ZoneOffset.UTC), HttpDate.parse(formatter.format(date)));
        }
    }

    /** §5.6.7: a year that seems more than fifty years ahead is the one before it with the same two digits. */
    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z", "2069-12-31T23:59:59Z"})
    void readsTwoDigitsOfAYearAs1970To2069(String instant) {
        Instant date = Instant.parse(instant);
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
        assertEquals(date, HttpDate.parse(formatter.format(date)));
    }
}
