package io.edgedownload.engine.fetch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a source did not deliver.
 *
 * @param layer the step that failed; null when it was none of one attempt
 * @param detail for the log; names no query string and no secret, and is never shown to clients
 * @param retryAfter how long the source asked to be left alone
 */
public record Failure(
        Kind kind,
        @Nullable Layer layer,
        String detail,
        @Nullable Duration retryAfter) {
    /** In the order of what a client should hear of when sources fail for several reasons, the most telling first. */
    public enum Kind {
        /** The bytes are not those that were published. */
        INTEGRITY,
        /** The answer contradicts the request or itself, such as a wrong range. */
        LIED,
        /** A 200 to a range, or an encoding that was not asked for: a server that cannot do what a source must. */
        NO_RANGE,
        /** The object is not the published one any more. */
        CHANGED,
        /** An address that a source may not have. */
        FORBIDDEN_ADDRESS,
        /** A step did not end in time. */
        TIMEOUT,
        /** 429 or 503: the source asked to be left alone. */
        BUSY,
        /** It is not asked, because it was not well lately. */
        BREAKER_OPEN,
        /** The tenant has its whole share of the connections here in use. */
        TENANT_SHARE,
        /** No room here for another connection or another chunk in flight. */
        OVERLOAD,
        /** 401 or 403. */
        ACCESS,
        /** The name has no address. */
        NAME,
        TLS,
        /** 5xx. */
        SERVER_ERROR,
        /** The answer ended before its body was whole. */
        CUT,
        /** No connection, or it ended before the answer began. */
        UNREACHABLE,
        /** 404 or 410. */
        MISSING
    }

    public static Failure of(Kind kind, String detail) {
        return new Failure(kind, null, detail, null);
    }

    /** The same, of this step. */
    public Failure in(Layer step) {
        return new Failure(kind, step, detail, retryAfter);
    }

    /** The same, of this step unless it says otherwise. */
    Failure atLeastIn(Layer step) {
        return layer == null ? in(step) : this;
    }
}
