package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.cache.CountedChunks;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A chunk arrives when the test says so, as from the cache: one whose caller has left is freed by whoever brings it. */
final class BodyTest {
    private static final int CHUNK = 64 << 10;
    private static final Manifest MANIFEST =
            Manifests.of("file", "g1", 5 * CHUNK + 7, URI.create("http://origin.example/file"));
    private static final ByteRange ALL = new ByteRange(0, MANIFEST.lengthBytes() - 1);
    private static final Obtained.Way WAY = new Obtained.Way.Hit();

    private final CountedChunks chunks = new CountedChunks();
    private final Map<Long, CompletableFuture<Obtained>> asked = new TreeMap<>();

    @Test
    void piecesComeInOrderWhateverTheOrderOfTheirArrival() {
        Body body = body(ALL, 3);
        CompletableFuture<Piece> first = taken(body);
        CompletableFuture<Piece> second = taken(body);
        VerifiedChunk later = arrive(1);
        assertFalse(first.isDone());
        VerifiedChunk sooner = arrive(0);
        assertEquals(new Piece.Slice(sooner, 0, CHUNK, WAY), first.join());
        assertEquals(new Piece.Slice(later, 0, CHUNK, WAY), second.join());
    }

    @Test
    void noMoreThanTheReadAheadIsAskedForUntilTheReaderTakesTheNext() {
        Body body = body(ALL, 2);
        assertEquals(0, asked.size());
        assertFalse(taken(body).isDone());
        assertEquals(List.of(0L, 1L), List.copyOf(asked.keySet()));
        arrive(0);
        arrive(1);
        assertEquals(2, asked.size());
        assertTrue(taken(body).isDone());
        assertEquals(List.of(0L, 1L, 2L), List.copyOf(asked.keySet()));
    }

    @Test
    void anEntireObjectEndsWithItsShortChunk() {
        Body body = body(ALL, 4);
        List<Integer> lengths = new ArrayList<>();
        for (long index = 0; index < MANIFEST.chunkCount(); index++) {
            CompletableFuture<Piece> piece = taken(body);
            arrive(index);
            lengths.add(slice(piece).lengthBytes());
        }
        assertEquals(List.of(CHUNK, CHUNK, CHUNK, CHUNK, CHUNK, 7), lengths);
        assertNull(body.next());
        assertEquals(MANIFEST.chunkCount(), asked.size());
    }

    @Test
    void aRangeIsCutAtBothEndsAndNothingElseIsAskedFor() {
        Body body = body(new ByteRange(CHUNK + 10, 3L * CHUNK + 4), 4);
        List<Piece.Slice> slices = new ArrayList<>();
        for (long index = 1; index <= 3; index++) {
            CompletableFuture<Piece> piece = taken(body);
            arrive(index);
            slices.add(slice(piece));
        }
        assertNull(body.next());
        assertEquals(List.of(10, 0, 0), slices.stream().map(Piece.Slice::offset).toList());
        assertEquals(
                List.of(CHUNK - 10, CHUNK, 5),
                slices.stream().map(Piece.Slice::lengthBytes).toList());
        assertEquals(List.of(1L, 2L, 3L), List.copyOf(asked.keySet()));
    }

    @Test
    void oneByteOfAChunkIsOneByte() {
        Body body = body(new ByteRange(2L * CHUNK - 1, 2L * CHUNK - 1), 4);
        CompletableFuture<Piece> piece = taken(body);
        VerifiedChunk chunk = arrive(1);
        assertEquals(new Piece.Slice(chunk, CHUNK - 1, 1, WAY), piece.join());
        assertNull(body.next());
    }

    @Test
    void aChunkThatCannotBeHadIsMissing() {
        Body body = body(ALL, 1);
        CompletableFuture<Piece> piece = taken(body);
        Failure failure = Failure.of(Kind.CUT, "ended early");
        askedFor(0).complete(new Obtained.Unavailable(failure));
        assertEquals(new Piece.Missing(failure), piece.join());
    }

    @Test
    void closingReleasesWhatWasAskedForAndNotTaken() {
        Body body = body(ALL, 4);
        CompletableFuture<Piece> first = taken(body);
        arrive(0);
        arrive(1);
        arrive(3);
        body.close();
        assertEquals(1, chunks.alive());
        slice(first).release();
        assertEquals(0, chunks.alive());
    }

    @Test
    void chunksThatArriveAfterTheCloseHoldNothing() {
        Body body = body(ALL, 4);
        CompletableFuture<Piece> first = taken(body);
        body.close();
        for (long index = 0; index < 4; index++) {
            arrive(index);
        }
        slice(first).release();
        assertEquals(4, chunks.made());
        assertEquals(0, chunks.alive());
    }

    @Test
    void nothingMoreIsAskedForAfterTheClose() {
        Body body = body(ALL, 2);
        assertFalse(taken(body).isDone());
        body.close();
        assertNull(body.next());
        body.close();
        assertEquals(2, asked.size());
    }

    private Body body(ByteRange range, int chunksAhead) {
        return new Body(MANIFEST, range, chunksAhead, index -> {
            CompletableFuture<Obtained> chunk = new CompletableFuture<>();
            asked.put(index, chunk);
            return chunk;
        });
    }

    private VerifiedChunk arrive(long index) {
        VerifiedChunk chunk = chunks.ready((int) MANIFEST.chunk(index).length()).chunk();
        if (!askedFor(index).complete(new Obtained.Held(chunk, WAY))) {
            chunk.release();
        }
        return chunk;
    }

    private CompletableFuture<Obtained> askedFor(long index) {
        return Objects.requireNonNull(asked.get(index));
    }

    private static CompletableFuture<Piece> taken(Body body) {
        return Objects.requireNonNull(body.next());
    }

    private static Piece.Slice slice(CompletableFuture<Piece> piece) {
        return assertInstanceOf(Piece.Slice.class, piece.join());
    }
}
