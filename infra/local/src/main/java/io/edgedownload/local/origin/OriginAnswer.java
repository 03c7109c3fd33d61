package io.edgedownload.local.origin;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a GET or HEAD for a file deserves, decided from its headers alone. */
sealed interface OriginAnswer {
    /** 200 with everything. */
    record Whole(long lengthBytes) implements OriginAnswer {}

    /** 206 with the bytes first to last, both included, of a file that is longer than last. */
    record Part(long first, long last) implements OriginAnswer {
        long lengthBytes() {
            return last - first + 1;
        }

        String contentRange(long wholeBytes) {
            return "bytes " + first + "-" + last + "/" + wholeBytes;
        }
    }

    /** 304. */
    record NotModified() implements OriginAnswer {}

    /** 412. */
    record PreconditionFailed() implements OriginAnswer {}

    /** 416. */
    record Unsatisfiable() implements OriginAnswer {}

    /** One range only: a list of ranges is ignored, as RFC 9110 §14.2 allows. */
    Pattern RANGE = Pattern.compile("bytes=\\s*(\\d*)-(\\d*)\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * Decides in the order of RFC 9110 §13.2.2: If-Match, If-None-Match, then Range if If-Range lets it.
     *
     * @param headers looks a request header up by name; null when it was not sent
     */
    static OriginAnswer to(OriginFile file, UnaryOperator<@Nullable String> headers) {
        var ifMatch = headers.apply("If-Match");
        if (ifMatch != null && !lists(ifMatch, file.etag())) {
            return new PreconditionFailed();
        }
        var ifNoneMatch = headers.apply("If-None-Match");
        if (ifNoneMatch != null && lists(ifNoneMatch, file.etag())) {
            return new NotModified();
        }
        var range = headers.apply("Range");
        var ifRange = headers.apply("If-Range");
        // §13.1.5: a strong match of the tag, or the exact date; anything else asks for the whole.
        var rangeCounts = ifRange == null || ifRange.equals(file.etag()) || ifRange.equals(file.lastModified());
        return range != null && rangeCounts ? part(range, file.lengthBytes()) : new Whole(file.lengthBytes());
    }

    private static boolean lists(String condition, String etag) {
        return condition.strip().equals("*")
                || Arrays.stream(condition.split(","))
                        .anyMatch(tag -> tag.strip().equals(etag));
    }

    private static OriginAnswer part(String range, long lengthBytes) {
        var matcher = RANGE.matcher(range);
        if (!matcher.matches() || range.endsWith("=-")) {
            return new Whole(lengthBytes);
        }
        if (matcher.group(1).isEmpty()) {
            var suffixBytes = clamped(matcher.group(2));
            return lengthBytes == 0 || suffixBytes == 0
                    ? new Unsatisfiable()
                    : new Part(Math.max(0, lengthBytes - suffixBytes), lengthBytes - 1);
        }
        var first = clamped(matcher.group(1));
        var last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : clamped(matcher.group(2));
        if (last < first) {
            return new Whole(lengthBytes);
        }
        return first >= lengthBytes ? new Unsatisfiable() : new Part(first, Math.min(last, lengthBytes - 1));
    }

    /** Digits beyond a long mean "more than any file". */
    private static long clamped(String digits) {
        return new BigInteger(digits).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }
}
