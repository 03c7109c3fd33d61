package io.edgedownload.engine.request;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What conditions are evaluated against (RFC 9110 §3.2).
 *
 * @param lengthBytes at least 0
 * @param etag a strong entity tag with its quotes (RFC 9110 §8.8.3)
 * @param lastModified cut to the second, which is all that an HTTP date can say; null when unknown
 */
public record Representation(
        long lengthBytes, String etag, @Nullable Instant lastModified) {
    private static final Pattern STRONG_ETAG = Pattern.compile("\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException saying which rule is broken
     */
    public Representation {
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("a length must be at least 0 bytes, not " + lengthBytes);
        }
        if (!STRONG_ETAG.matcher(etag).matches()) {
            throw new IllegalArgumentException("an entity tag must be strong and have its quotes, unlike " + etag);
        }
        // Sent as an HTTP date and sent back as one, a finer time would never be equal to itself.
        lastModified = lastModified == null ? null : lastModified.truncatedTo(ChronoUnit.SECONDS);
    }
}
