package io.edgedownload.edge;

import io.edgedownload.engine.fetch.Failure;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not answered with what it asked for (RFC 9457).
 *
 * @param detail what was wrong, what was expected and what to do; names no source and no secret
 * @param fields to send along in the head
 */
record Problem(ProblemType type, String detail, Map<String, String> fields) {
    private static final Duration SOON = Duration.ofSeconds(1);

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of());
    }

    Problem with(String field, String value) {
        return new Problem(type, detail, Map.of(field, value));
    }

    /** What a client hears of a failure to get a chunk. The failure's own words are for the log. */
    static Problem of(Failure failure) {
        return switch (failure.kind()) {
            case INTEGRITY ->
                of(ProblemType.INTEGRITY, "No source has the published bytes; the publisher must look at it.");
            case LIED -> of(ProblemType.ORIGIN_LIED, "No source answered the range it was asked for.");
            case CHANGED ->
                of(
                        ProblemType.GENERATION_CHANGED,
                        "The sources hold another object now; it has to be published again.");
            case FORBIDDEN_ADDRESS ->
                of(ProblemType.SOURCE_REFUSED, "The operator can allow more addresses with edge.sources.allow.");
            case TIMEOUT ->
                of(ProblemType.DEADLINE, "The sources did not deliver in time; try again or allow more time.");
            case BUSY -> of(ProblemType.ORIGIN_BUSY, "Try again later.").retryAfter(failure.retryAfter());
            case OVERLOAD -> of(ProblemType.OVERLOADED, "Try again later.").retryAfter(failure.retryAfter());
            case ACCESS -> of(ProblemType.ORIGIN_ACCESS, "The sources do not let this service read the object.");
            case NAME -> of(ProblemType.ORIGIN_NAME, "The sources' host names cannot be resolved.");
            case TLS -> of(ProblemType.ORIGIN_TLS, "The sources' certificates or TLS versions are not acceptable.");
            case SERVER_ERROR -> of(ProblemType.ORIGIN_ERROR, "Every source answered with an error; try again later.");
            case CUT, UNREACHABLE -> of(ProblemType.ORIGIN_UNREACHABLE, "No source could be read; try again later.");
            case MISSING -> of(ProblemType.OBJECT_MISSING, "No source has the object any more.");
        };
    }

    private Problem retryAfter(@Nullable Duration asked) {
        return with("Retry-After", Long.toString((asked == null ? SOON : asked).toSeconds()));
    }
}
