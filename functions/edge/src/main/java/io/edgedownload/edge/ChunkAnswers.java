package io.edgedownload.edge;

import io.edgedownload.engine.Body;
import io.edgedownload.engine.Delivery;
import io.edgedownload.engine.Download;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.verify.Verifier;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Answers requests for numbered chunks, which carry a digest of just their bytes (RFC 9530). A chunk of the size that the object
 * is cut by has its digest already; for another size it is computed, off the event loop, before the head goes out.
 */
@Singleton
final class ChunkAnswers {
    private final Download download;
    private final WaitingThreads threads;
    private final Provenance provenance;
    private final BodyWriter.Limits limits;
    private final Pacer pacer;

    ChunkAnswers(Download download, WaitingThreads threads, Provenance provenance, EdgeConfig config, Pacer pacer) {
        this.download = download;
        this.threads = threads;
        this.provenance = provenance;
        this.limits = BodyWriter.Limits.of(config);
        this.pacer = pacer;
    }

    void answer(Invocation invocation, Manifest manifest, ByteRange range) {
        if (invocation.isHead()) {
            head(invocation, manifest, range);
            Fields.fromManifest(invocation.response());
            invocation.response().end();
            return;
        }
        long begunNanos = invocation.trace().begin();
        Piece.Slice hit = download.hit(manifest, range);
        if (hit != null && isWholeChunk(hit)) {
            write(
                    invocation,
                    manifest,
                    range,
                    begunNanos,
                    new Gathered.Digested(
                            List.of(hit), Fields.digest(hit.chunk().sha256())));
            return;
        }
        CompletableFuture<Gathered> gathering = CompletableFuture.supplyAsync(
                () -> hit == null ? gather(manifest, range, invocation) : digest(List.of(hit)), threads);
        invocation.whenDone(gathering, gathered -> write(invocation, manifest, range, begunNanos, gathered));
    }

    private sealed interface Gathered {
        record Digested(List<Piece.Slice> slices, String digest) implements Gathered {}

        record Missing(Failure failure) implements Gathered {}
    }

    private void write(Invocation invocation, Manifest manifest, ByteRange range, long begunNanos, Gathered gathered) {
        switch (gathered) {
            case Gathered.Missing(Failure failure) -> {
                invocation.trace().obtained(begunNanos, new Piece.Missing(failure));
                invocation.fail(provenance.problem(manifest, failure));
            }
            case Gathered.Digested(List<Piece.Slice> slices, String digest) -> {
                invocation.trace().obtained(begunNanos, slices.getFirst());
                if (invocation.isOver()) {
                    slices.forEach(Piece.Slice::release);
                    return;
                }
                head(invocation, manifest, range);
                invocation.response().putHeader("Content-Digest", digest);
                provenance.tell(invocation.response(), manifest, slices.getFirst());
                BodyWriter body = new BodyWriter(invocation, range.length(), limits, threads, pacer);
                if (slices.size() == 1) {
                    body.write(slices.getFirst());
                } else {
                    body.write(slices.stream()
                            .<BodyWriter.Segment>map(BodyWriter.Segment.Held::new)
                            .toList());
                }
            }
        }
    }

    /** Waits for all of the range; every wait in it ends at the deadline. */
    private Gathered gather(Manifest manifest, ByteRange range, Invocation invocation) {
        return switch (download.deliver(manifest, range, invocation.tenant(), invocation.deadline())
                .join()) {
            case Delivery.Streamed(Body body, Piece.Slice first) -> gather(body, first);
            case Delivery.Unavailable(Failure failure) -> new Gathered.Missing(failure);
            case Delivery.Redirected redirected -> throw new AssertionError("a chunk cannot be redirected");
        };
    }

    private static Gathered gather(Body body, Piece.Slice first) {
        List<Piece.Slice> slices = new ArrayList<>(List.of(first));
        for (CompletableFuture<Piece> next = body.next(); next != null; next = body.next()) {
            switch (next.join()) {
                case Piece.Slice slice -> slices.add(slice);
                case Piece.Missing(Failure failure) -> {
                    body.close();
                    slices.forEach(Piece.Slice::release);
                    return new Gathered.Missing(failure);
                }
            }
        }
        return digest(slices);
    }

    private static Gathered digest(List<Piece.Slice> slices) {
        if (slices.size() == 1 && isWholeChunk(slices.getFirst())) {
            return new Gathered.Digested(
                    slices, Fields.digest(slices.getFirst().chunk().sha256()));
        }
        MessageDigest digest = Verifier.sha256();
        try {
            for (Piece.Slice slice : slices) {
                slice.update(digest);
            }
        } catch (IOException e) {
            slices.forEach(Piece.Slice::release);
            return new Gathered.Missing(Failure.of(Kind.UNREACHABLE, "the chunk's file cannot be read: " + e));
        }
        return new Gathered.Digested(slices, Fields.digest(digest.digest()));
    }

    private static boolean isWholeChunk(Piece.Slice slice) {
        return slice.lengthBytes() == slice.chunk().lengthBytes();
    }

    private static void head(Invocation invocation, Manifest manifest, ByteRange range) {
        HttpServerResponse response = invocation
                .response()
                .setStatusCode(206)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()))
                .putHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(manifest.lengthBytes()));
        Fields.validators(response, manifest);
        Fields.representation(response, manifest, manifest.contentType());
    }
}
