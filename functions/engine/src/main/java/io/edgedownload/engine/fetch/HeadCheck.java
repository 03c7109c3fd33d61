package io.edgedownload.engine.fetch;

import io.edgedownload.engine.fetch.Failure.Kind;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Judges an answer to a range request by its head: it is exactly what was asked for, or it is a failure. */
final class HeadCheck {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

    private HeadCheck() {}

    /** Null when the body may be read. */
    static @Nullable Failure check(RangeQuery query, HttpClientResponse response) {
        return switch (response.statusCode()) {
            case 206 -> partial(query, response);
            case 200 -> whole(query, response);
            case 401, 403 -> refused(Kind.ACCESS, response);
            case 404, 410 -> refused(Kind.MISSING, response);
            // 416: what was published was longer than what is there now.
            case 412, 416 -> refused(Kind.CHANGED, response);
            case 429, 503 ->
                new Failure(Kind.BUSY, Layer.FIRST_BYTE, "status " + response.statusCode(), retryAfter(response));
            default -> refused(response.statusCode() >= 500 ? Kind.SERVER_ERROR : Kind.LIED, response);
        };
    }

    private static @Nullable Failure partial(RangeQuery query, HttpClientResponse response) {
        String contentRange = response.getHeader("Content-Range");
        if (!query.rest().contentRange(query.totalBytes()).equals(contentRange)) {
            return Failure.of(Kind.LIED, "Content-Range is not what was asked for: " + contentRange);
        }
        String encoding = response.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Failure.of(Kind.NO_RANGE, "Content-Encoding " + encoding + " although identity was asked for");
        }
        String length = response.getHeader("Content-Length");
        if (length != null && !length.equals(Long.toString(query.rest().length()))) {
            return Failure.of(Kind.LIED, "Content-Length " + length + " does not fit the range");
        }
        return samePublishedState(query, response)
                ? null
                : Failure.of(Kind.CHANGED, "the validator is not the published one");
    }

    private static Failure whole(RangeQuery query, HttpClientResponse response) {
        // If-Range asks for the whole of an object that has changed (RFC 9110 §13.1.5), so a 200 may say just that.
        return samePublishedState(query, response)
                ? Failure.of(Kind.NO_RANGE, "status 200 to a range")
                : Failure.of(Kind.CHANGED, "status 200 with another validator");
    }

    private static boolean samePublishedState(RangeQuery query, HttpClientResponse response) {
        return query.validator().matches(response.getHeader("ETag"), response.getHeader("Last-Modified"));
    }

    private static Failure refused(Kind kind, HttpClientResponse response) {
        return Failure.of(kind, "status " + response.statusCode());
    }

    /** The delay in seconds; a date, which few send with an error, is left out (RFC 9110 §10.2.3). */
    private static @Nullable Duration retryAfter(HttpClientResponse response) {
        String value = response.getHeader("Retry-After");
        if (value == null || !value.matches("[0-9]{1,9}")) {
            return null;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(value));
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }
}
