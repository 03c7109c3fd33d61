package io.edgedownload.engine.request;

import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A numbered chunk of an object.
 *
 * @param number counted from 1
 * @param sizeBytes of every chunk but the last: 64 KiB times a power of two, at most 16 MiB
 */
public record ChunkReference(long number, int sizeBytes) {
    /** The smallest chunk. */
    public static final int MIN_SIZE_BYTES = 64 << 10;

    /** The largest chunk. */
    public static final int MAX_SIZE_BYTES = 16 << 20;

    /** The size when a request names none and nothing else is configured. */
    public static final int DEFAULT_SIZE_BYTES = 4 << 20;

    private static final int MAX_DIGITS = 64;
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException saying which rule is broken
     */
    public ChunkReference {
        if (number < 1) {
            throw new IllegalArgumentException("chunk must be a number from 1 on, not " + number);
        }
        if (!validSize(sizeBytes)) {
            throw sizeRefused(sizeBytes);
        }
    }

    /** Whether objects can be cut by this size. */
    public static boolean validSize(long sizeBytes) {
        // 64 KiB is a power of two itself, and so are its multiples by powers of two.
        return sizeBytes >= MIN_SIZE_BYTES && sizeBytes <= MAX_SIZE_BYTES && Long.bitCount(sizeBytes) == 1;
    }

    /**
     * Reads the parameters of a request; numbers may have leading zeros.
     *
     * @param size null for the default
     * @throws IllegalArgumentException saying which rule is broken
     */
    public static ChunkReference parse(String chunk, @Nullable String size, int defaultSizeBytes) {
        long number = digits("chunk", chunk);
        long sizeBytes = size == null ? defaultSizeBytes : digits("size", size);
        if (!validSize(sizeBytes)) {
            throw sizeRefused(sizeBytes);
        }
        return new ChunkReference(number, (int) sizeBytes);
    }

    /** Which bytes they are of an object this long; empty when it ends before. The last chunk is shorter. */
    public Optional<ByteRange> within(long lengthBytes) {
        // Divided, not multiplied: the position of a chunk far behind the end does not fit a long and would wrap
        // around.
        if (lengthBytes <= 0 || number - 1 > (lengthBytes - 1) / sizeBytes) {
            return Optional.empty();
        }
        long first = (number - 1) * sizeBytes;
        return Optional.of(new ByteRange(first, first + Math.min(sizeBytes, lengthBytes - first) - 1));
    }

    /** A number beyond what a long holds is as good as the largest: no object has that many chunks. */
    private static long digits(String name, String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(name + " must be 1 to " + MAX_DIGITS + " decimal digits");
        }
        return new BigInteger(text).min(LARGEST).longValue();
    }

    private static IllegalArgumentException sizeRefused(long sizeBytes) {
        return new IllegalArgumentException("size must be " + MIN_SIZE_BYTES + " to " + MAX_SIZE_BYTES + " bytes, "
                + MIN_SIZE_BYTES + " times a power of two, not " + sizeBytes);
    }
}
