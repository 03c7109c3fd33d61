package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.request.DownloadId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The announced length of a multipart body is the length of what is written. */
final class MultipartTest {
    private static final List<ByteRange> RANGES =
            List.of(new ByteRange(0, 0), new ByteRange(99_990, 99_999), new ByteRange(5, 104));

    @Test
    void isFramedAsTheRfcSays() {
        Multipart multipart = of(RANGES);
        assertEquals("""
                --B
                Content-Type: text/plain
                Content-Range: bytes 0-0/100000

                [1]
                --B
                Content-Type: text/plain
                Content-Range: bytes 99990-99999/100000

                [10]
                --B
                Content-Type: text/plain
                Content-Range: bytes 5-104/100000

                [100]
                --B--
                """, written(multipart, "[%d]").replace("\r\n", "\n").replace(multipart.boundary(), "B"));
    }

    @Test
    void theLengthCountsFramesAndRanges() {
        for (int count = 1; count <= RANGES.size(); count++) {
            Multipart multipart = of(RANGES.subList(0, count));
            long rangeBytes =
                    multipart.ranges().stream().mapToLong(ByteRange::length).sum();

            assertEquals(rangeBytes + written(multipart, "").length(), multipart.lengthBytes());
        }
    }

    @Test
    void rangesBeyondWhatAnIntHoldsAreCounted() {
        Multipart large = of(List.of(new ByteRange(0, 9_999_999_998L)));
        long frameBytes = written(large, "").length();

        assertEquals(frameBytes + 9_999_999_999L, large.lengthBytes());
    }

    @Test
    void everyBodyHasABoundaryOfItsOwn() {
        assertNotEquals(of(RANGES).boundary(), of(RANGES).boundary());
        Multipart multipart = of(RANGES);
        assertEquals("multipart/byteranges; boundary=" + multipart.boundary(), multipart.contentType());
    }

    /** The body in the order in which it is written, with the ranges' lengths in place of their bytes. */
    private static String written(Multipart multipart, String rangeFormat) {
        var body = new StringBuilder();
        body.append(multipart.openingOfFirst())
                .append(rangeFormat.formatted(multipart.ranges().getFirst().length()));
        for (Segment segment : multipart.segmentsAfterFirst(range -> {
            body.append(rangeFormat.formatted(range.length()));
            return new CompletableFuture<>();
        })) {
            switch (segment) {
                case Segment.Literal(var bytes) -> body.append(bytes);
                case Segment.Held _, Segment.Rest _ -> throw new AssertionError("no part is asked for before its turn");
                case Segment.Later(var delivery) -> {
                    var _ = delivery.get();
                }
            }
        }
        return body.toString();
    }

    private static Multipart of(List<ByteRange> ranges) {
        long lengthBytes = Math.max(100_000, ranges.getLast().last() + 1);
        var source = new Source(URI.create("http://origin.example/"), new Validator(null, null));
        return Multipart.of(
                new Manifest(
                        new DownloadId("object"),
                        "g1",
                        lengthBytes,
                        1 << 16,
                        null,
                        "text/plain",
                        null,
                        List.of(source),
                        null,
                        Instant.EPOCH),
                ranges);
    }
}
