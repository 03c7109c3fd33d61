package io.edgedownload.engine.request;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What conditions are evaluated against (RFC 9110 §3.2).
 *
 * @param lengthBytes at least 0
 * @param etag strong, with its quotes
 * @param lastModified to the second
 */
public record Representation(
        long lengthBytes, String etag, @Nullable Instant lastModified) {}
