package io.edgedownload.engine.request;

/**
 * A run of bytes, both ends included, as HTTP counts (RFC 9110 §14.1.2).
 *
 * @param first at least 0
 * @param last at least {@code first}
 */
public record ByteRange(long first, long last) {
    public ByteRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("a range needs 0 <= first <= last, not " + first + "-" + last);
        }
    }

    /** How many bytes; at least 1. */
    public long length() {
        return Math.addExact(last - first, 1);
    }

    /** The value of Range that asks for it. */
    public String field() {
        return "bytes=" + first + "-" + last;
    }

    /** The value of Content-Range (RFC 9110 §14.4) in an answer from an object of {@code totalBytes}. */
    public String contentRange(long totalBytes) {
        return "bytes " + first + "-" + last + "/" + totalBytes;
    }
}
