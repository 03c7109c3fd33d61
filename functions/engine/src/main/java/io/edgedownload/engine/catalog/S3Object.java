package io.edgedownload.engine.catalog;

import org.jspecify.annotations.Nullable;

/**
 * The object in S3 that backs a download.
 *
 * @param bucket 3–63 characters
 * @param key at most 1,024 characters
 * @param etag its entity tag when it was published, sent as If-Match with every read; null only before publishing
 */
public record S3Object(String bucket, String key, @Nullable String etag) {
    public S3Object {
        if (bucket.length() < 3 || bucket.length() > 63) {
            throw new IllegalArgumentException("s3.bucket must be 3 to 63 characters long");
        }
        if (key.isEmpty() || key.length() > 1_024) {
            throw new IllegalArgumentException("s3.key must be 1 to 1024 characters long");
        }
    }
}
