package io.edgedownload.engine.request;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A numbered chunk of an object.
 *
 * @param number counted from 1
 * @param sizeBytes of every chunk but the last: 64 KiB times a power of two, at most 16 MiB
 */
public record ChunkReference(long number, int sizeBytes) {
    public static final int MIN_SIZE_BYTES = 64 << 10;
    public static final int MAX_SIZE_BYTES = 16 << 20;

    private static final int MAX_DIGITS = 12;

    /** @throws IllegalArgumentException saying which rule is broken */
    public ChunkReference {
        if (number < 1) {
            throw new IllegalArgumentException("chunk must be a number from 1 on");
        }
        if (!validSize(sizeBytes)) {
            throw new IllegalArgumentException(
                    "size must be 65536 to 16777216 bytes, 65536 times a power of two: 65536, 131072, 262144, …");
        }
    }

    /** Whether objects can be cut by this size. */
    public static boolean validSize(long sizeBytes) {
        return sizeBytes >= MIN_SIZE_BYTES && sizeBytes <= MAX_SIZE_BYTES && Long.bitCount(sizeBytes) == 1;
    }

    /**
     * Reads the parameters of a request; numbers may have leading zeros.
     *
     * @param size null for the default
     * @throws IllegalArgumentException saying which rule is broken
     */
    public static ChunkReference parse(String chunk, @Nullable String size, int defaultSizeBytes) {
        long sizeBytes = size == null ? defaultSizeBytes : digits("size", size);
        return new ChunkReference(digits("chunk", chunk), (int) Math.min(sizeBytes, Integer.MAX_VALUE));
    }

    /** Which bytes they are of an object this long; empty when it ends before. The last chunk is shorter. */
    public Optional<ByteRange> within(long lengthBytes) {
        long first = (number - 1) * sizeBytes;
        return first >= lengthBytes
                ? Optional.empty()
                : Optional.of(new ByteRange(first, Math.min(first + sizeBytes, lengthBytes) - 1));
    }

    private static long digits(String name, String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(name + " must be 1 to " + MAX_DIGITS + " decimal digits");
        }
        return Long.parseLong(text);
    }
}
