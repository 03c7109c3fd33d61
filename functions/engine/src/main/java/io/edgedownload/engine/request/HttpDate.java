package io.edgedownload.engine.request;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The three formats of an HTTP date, all of which a recipient must accept (RFC 9110 §5.6.7). Days that no calendar has, and
 * days of the week that the date does not fall on, make a text no date.
 */
final class HttpDate {
    private static final int LONGEST_CHARACTERS = 40;

    /** The preferred one: {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private static final DateTimeFormatter IMF_FIXDATE = strict(new DateTimeFormatterBuilder()
            .appendPattern("EEE, dd MMM ")
            .appendValue(ChronoField.YEAR, 4)
            .appendPattern(" HH:mm:ss 'GMT'"));

    /**
     * Obsolete: {@code Sunday, 06-Nov-94 08:49:37 GMT}. Two digits of a year from 70 on are of the last century, the others of
     * this: right by the fifty years of §5.6.7 for every date that a file can have so far, and without a clock.
     */
    private static final DateTimeFormatter RFC_850 = strict(new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
            .appendPattern(" HH:mm:ss 'GMT'"));

    /** Obsolete, the day padded with a blank: {@code Sun Nov  6 08:49:37 1994}. */
    private static final DateTimeFormatter ASCTIME = strict(new DateTimeFormatterBuilder()
            .appendPattern("EEE MMM ppd HH:mm:ss ")
            .appendValue(ChronoField.YEAR, 4));

    private static final List<DateTimeFormatter> FORMATS = List.of(IMF_FIXDATE, RFC_850, ASCTIME);

    private HttpDate() {}

    /** The moment, or null when it is not an HTTP date. */
    static @Nullable Instant parse(String text) {
        if (text.length() > LONGEST_CHARACTERS) {
            return null;
        }
        String date = text.strip();
        for (DateTimeFormatter format : FORMATS) {
            try {
                return LocalDateTime.parse(date, format).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                // Then it is another format, or none.
            }
        }
        return null;
    }

    private static DateTimeFormatter strict(DateTimeFormatterBuilder builder) {
        return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }
}
