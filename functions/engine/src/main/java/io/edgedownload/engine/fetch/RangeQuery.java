package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.request.ByteRange;
import java.net.URI;

/**
 * A range to fetch and what the answer must say.
 *
 * @param range at most 16 MiB
 * @param totalBytes the length that the object must have
 * @param validator the state that the object must be in
 */
public record RangeQuery(URI uri, Trust trust, ByteRange range, long totalBytes, Validator validator) {
    public RangeQuery {
        if (range.length() > 16 << 20) {
            throw new IllegalArgumentException("a range to fetch must be at most 16 MiB long, not " + range.length());
        }
    }

    int lengthBytes() {
        return (int) range.length();
    }
}
