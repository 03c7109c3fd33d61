package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.request.ByteRange;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A range to fetch and what the answer must say.
 *
 * @param range at most 16 MiB and 64 bytes
 * @param totalBytes the length that the object must have
 * @param validator the state that the object must be in
 * @param part the first bytes of the range, fewer than all, where an earlier answer broke off after them: only the rest is asked
 *     for. It stays the caller's
 */
public record RangeQuery(
        URI uri,
        Trust trust,
        ByteRange range,
        long totalBytes,
        Validator validator,
        @Nullable ByteBuf part) {
    /** The largest chunk, and a trailer. */
    private static final long MAX_BYTES = (16 << 20) + 64;

    public RangeQuery {
        if (range.length() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a range to fetch must be at most " + MAX_BYTES + " bytes long, not " + range.length());
        }
    }

    /** What is asked for. */
    ByteRange rest() {
        return part == null ? range : new ByteRange(range.first() + part.readableBytes(), range.last());
    }

    int lengthBytes() {
        return (int) range.length();
    }
}
