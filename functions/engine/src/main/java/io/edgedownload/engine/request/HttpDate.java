package io.edgedownload.engine.request;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The three formats of an HTTP date, all of which a recipient must accept (RFC 9110 §5.6.7). */
final class HttpDate {
    private static final int LONGEST_CHARACTERS = 40;

    private static final DateTimeFormatter IMF_FIXDATE = formatter("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = formatter("EEE MMM ppd HH:mm:ss yyyy");

    private static final List<DateTimeFormatter> FORMATS = List.of(IMF_FIXDATE, rfc850(), ASCTIME);

    private HttpDate() {}

    /** The moment, or null when it is not an HTTP date: "a recipient MUST ignore the field" then (§13.1.3). */
    static @Nullable Instant parse(String text) {
        if (text.length() > LONGEST_CHARACTERS) {
            return null;
        }
        for (DateTimeFormatter format : FORMATS) {
            try {
                return LocalDateTime.parse(text.strip(), format).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                // Then it is another format, or none.
            }
        }
        return null;
    }

    /** The obsolete format has two digits of a year: those from 70 on are of the last century, the others of this. */
    private static DateTimeFormatter rfc850() {
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
