package io.edgedownload.engine.request;

import org.jspecify.annotations.Nullable;

/** The values of a request's conditional fields (RFC 9110 §13.1, §14.2) as they came, null when absent. */
public record Conditions(
        @Nullable String range,
        @Nullable String ifRange,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String ifUnmodifiedSince) {
    /** The same without what selects a part. */
    public Conditions withoutRange() {
        return new Conditions(null, null, ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince);
    }
}
