package io.edgedownload.edge;

import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Layer;
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
            case LIED, NO_RANGE -> of(ProblemType.ORIGIN_LIED, "No source answered the range it was asked for.");
            case CHANGED ->
                of(
                        ProblemType.GENERATION_CHANGED,
                        "The sources hold another object now; it has to be published again.");
            case FORBIDDEN_ADDRESS ->
                of(ProblemType.SOURCE_REFUSED, "The operator can allow more addresses with edge.sources.allow.");
            case TIMEOUT -> timedOut(failure.layer());
            case BUSY -> of(ProblemType.ORIGIN_BUSY, "Try again later.").retryAfter(failure.retryAfter());
            case BREAKER_OPEN ->
                of(ProblemType.ORIGIN_BUSY, "The sources were not well lately and are left alone; try again later.")
                        .retryAfter(failure.retryAfter());
            case TENANT_SHARE ->
                of(
                                ProblemType.TENANT_SHARE,
                                "Your other requests use all the connections that you may have; try again later.")
                        .retryAfter(failure.retryAfter());
            case OVERLOAD -> of(ProblemType.OVERLOADED, "Try again later.").retryAfter(failure.retryAfter());
            case ACCESS -> of(ProblemType.ORIGIN_ACCESS, "The sources do not let this service read the object.");
            case NAME -> of(ProblemType.ORIGIN_NAME, "The sources' host names cannot be resolved.");
            case TLS -> of(ProblemType.ORIGIN_TLS, "The sources' certificates or TLS versions are not acceptable.");
            case SERVER_ERROR -> of(ProblemType.ORIGIN_ERROR, "Every source answered with an error; try again later.");
            case CUT, UNREACHABLE -> of(ProblemType.ORIGIN_UNREACHABLE, "No source could be read; try again later.");
            case MISSING -> of(ProblemType.OBJECT_MISSING, "No source has the object any more.");
        };
    }

    /** @param asked rounded up to whole seconds; without it, soon */
    Problem retryAfter(@Nullable Duration asked) {
        return with("Retry-After", Long.toString(wholeSeconds(asked == null ? SOON : asked)));
    }

    /** Rounded up, for it is too soon before. */
    private static long wholeSeconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }

    /** The step that took too long goes by its name, here and in Server-Timing. */
    private static Problem timedOut(@Nullable Layer layer) {
        String what = switch (layer) {
            case null -> "The sources did not deliver in time";
            case DNS -> "The sources' names were not resolved in time (dns)";
            case WAIT -> "No connection to the sources became free in time (wait)";
            case CONNECT -> "No connection to the sources was made in time (connect)";
            case TLS -> "The TLS handshake with the sources did not end in time (tls)";
            case FIRST_BYTE -> "The sources did not begin to answer in time (first-byte)";
            case BODY -> "The sources' answers did not end in time (body)";
            case PROGRESS -> "The sources' answers came too slowly (progress)";
            case VERIFY -> "The chunk was not verified in time (verify)";
        };
        Problem problem = of(ProblemType.DEADLINE, what + "; try again or allow more time.");
        return layer == null ? problem : problem.with("Server-Timing", "timeout;desc=\"" + layer.label() + "\"");
    }
}
