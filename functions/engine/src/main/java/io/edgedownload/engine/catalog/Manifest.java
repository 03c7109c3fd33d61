package io.edgedownload.engine.catalog;

import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.request.ChunkReference;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.request.Representation;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One published state of a download: everything that is needed to deliver it.
 *
 * @param generation names this state of the bytes; 1–64 of {@code A-Z a-z 0-9 _ -}
 * @param lengthBytes of the object, at least 0
 * @param chunkSizeBytes the unit in which it is fetched, verified and cached; the last chunk may be shorter
 * @param lastModified to the second, as HTTP dates are
 * @param contentType the media type to answer with
 * @param digests null when it was published without
 * @param sources in the order to try; at least one, at most 8
 * @param s3 null when nothing backs it
 */
public record Manifest(
        DownloadId id,
        String generation,
        long lengthBytes,
        int chunkSizeBytes,
        @Nullable Instant lastModified,
        String contentType,
        @Nullable Digests digests,
        List<Source> sources,
        @Nullable S3Object s3,
        Instant publishedAt) {
    /** Sources a download can have. */
    public static final int MAX_SOURCES = 8;

    private static final Pattern GENERATION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[\\x20-\\x7e]{1,200}");

    public Manifest {
        sources = List.copyOf(sources);
        require(GENERATION.matcher(generation).matches(), "generation must be 1 to 64 of A-Z a-z 0-9 _ -");
        require(lengthBytes >= 0, "length must be at least 0");
        require(
                ChunkReference.validSize(chunkSizeBytes),
                "chunkSize must be 64 KiB to 16 MiB, 64 KiB times a power of two");
        require(CONTENT_TYPE.matcher(contentType).matches(), "contentType must be 1 to 200 printable ASCII characters");
        require(!sources.isEmpty() && sources.size() <= MAX_SOURCES, "there must be 1 to " + MAX_SOURCES + " sources");
        require(
                digests == null || digests.chunkSha256().size() == chunks(lengthBytes, chunkSizeBytes),
                "chunks must hold one digest for each chunk");
    }

    /** The strong entity tag that clients see: the generation, quoted. */
    public String etag() {
        return '"' + generation + '"';
    }

    public Representation representation() {
        return new Representation(lengthBytes, etag(), lastModified);
    }

    /** How many chunks there are; none in an empty object. */
    public long chunkCount() {
        return chunks(lengthBytes, chunkSizeBytes);
    }

    /** The bytes of chunk {@code index}, counted from 0; it must be below {@link #chunkCount()}. */
    public ByteRange chunk(long index) {
        long first = index * chunkSizeBytes;
        return new ByteRange(first, first + Math.min(chunkSizeBytes, lengthBytes - first) - 1);
    }

    /** The chunk that holds byte {@code offset}. */
    public long chunkAt(long offset) {
        return offset / chunkSizeBytes;
    }

    /** The digest that chunk {@code index} must have, or null when the download was published without digests. */
    public @Nullable String chunkSha256(long index) {
        return digests == null ? null : digests.chunkSha256().get((int) index);
    }

    private static long chunks(long lengthBytes, int chunkSizeBytes) {
        return lengthBytes / chunkSizeBytes + (lengthBytes % chunkSizeBytes == 0 ? 0 : 1);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
