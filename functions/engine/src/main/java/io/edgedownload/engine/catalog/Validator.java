package io.edgedownload.engine.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What tells one state of an object at a source from another (RFC 9110 §8.8), as the source sent it when it was published.
 *
 * @param etag the entity tag with its quotes and, when weak, its {@code W/}
 * @param lastModified the Last-Modified field as sent, compared octet by octet as If-Range asks (RFC 9110 §13.1.5)
 */
public record Validator(@Nullable String etag, @Nullable String lastModified) {
    /** Whether {@link #etag} can be used where only a strong comparison is allowed (RFC 9110 §8.8.3.2). */
    public boolean hasStrongEtag() {
        return etag != null && etag.startsWith("\"");
    }

    /** Whether an answer's fields are those of the pinned state. An answer that leaves out what was pinned does not match. */
    public boolean matches(@Nullable String answeredEtag, @Nullable String answeredLastModified) {
        if (etag != null) {
            return etag.equals(answeredEtag);
        }
        return lastModified == null || lastModified.equals(answeredLastModified);
    }
}
