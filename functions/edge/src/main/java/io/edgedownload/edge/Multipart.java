package io.edgedownload.edge;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.Delivery;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.request.ByteRange;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The frame of a {@code multipart/byteranges} body (RFC 9110 §14.6): what stands before, between and after the ranges.
 *
 * @param boundary random, so that it is in none of the parts
 * @param openings one before each range
 */
record Multipart(String boundary, List<ByteRange> ranges, List<Buffer> openings, Buffer closing) {
    static Multipart of(Manifest manifest, List<ByteRange> ranges) {
        String boundary = "edge-" + UUID.randomUUID();
        List<Buffer> openings = new ArrayList<>();
        for (ByteRange range : ranges) {
            openings.add(Buffer.buffer((openings.isEmpty() ? "" : "\r\n") + "--" + boundary + "\r\nContent-Type: "
                    + manifest.contentType() + "\r\nContent-Range: " + range.contentRange(manifest.lengthBytes())
                    + "\r\n\r\n"));
        }
        return new Multipart(boundary, ranges, openings, Buffer.buffer("\r\n--" + boundary + "--\r\n"));
    }

    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    long lengthBytes() {
        return ranges.stream().mapToLong(ByteRange::length).sum()
                + openings.stream().mapToLong(Buffer::length).sum()
                + closing.length();
    }

    Buffer openingOfFirst() {
        return openings.getFirst();
    }

    /** Everything behind the bytes of the first range. */
    List<Segment> segmentsAfterFirst(Function<ByteRange, CompletableFuture<Delivery>> delivery) {
        List<Segment> segments = new ArrayList<>();
        for (int part = 1; part < ranges.size(); part++) {
            ByteRange range = ranges.get(part);
            segments.add(new Segment.Literal(openings.get(part)));
            segments.add(new Segment.Later(() -> delivery.apply(range)));
        }
        segments.add(new Segment.Literal(closing));
        return segments;
    }
}
