package io.edgedownload.edge;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.Body;
import io.edgedownload.engine.Delivery;
import io.edgedownload.engine.Download;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.request.ChunkReference;
import io.edgedownload.engine.request.Conditions;
import io.edgedownload.engine.request.Selected;
import io.edgedownload.engine.request.Selection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Answers requests for an object that is there and may be had. Runs on the event loop. */
@Singleton
final class Answers {
    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;

    private final Download download;
    private final ChunkAnswers chunkAnswers;
    private final AnswerLimit limit;
    private final Provenance provenance;
    private final BodyWriter.Limits limits;
    private final WaitingThreads threads;
    private final Pacer pacer;

    Answers(
            Download download,
            ChunkAnswers chunkAnswers,
            AnswerLimit limit,
            Provenance provenance,
            EdgeConfig config,
            WaitingThreads threads,
            Pacer pacer) {
        this.download = download;
        this.chunkAnswers = chunkAnswers;
        this.limit = limit;
        this.provenance = provenance;
        this.limits = BodyWriter.Limits.of(config);
        this.threads = threads;
        this.pacer = pacer;
    }

    void object(Invocation invocation, Manifest manifest, Conditions conditions) {
        switch (Selection.select(!invocation.isHead(), conditions, manifest.representation())) {
            case Selected.Whole() -> whole(invocation, manifest, conditions);
            case Selected.Part(ByteRange range) -> part(invocation, manifest, range, conditions);
            case Selected.Parts(List<ByteRange> ranges) -> parts(invocation, manifest, ranges, conditions);
            case Selected.NotModified() -> notModified(invocation, manifest);
            case Selected.PreconditionFailed() -> invocation.fail(preconditionFailed(manifest));
            case Selected.Unsatisfiable() -> invocation.fail(unsatisfiable(manifest));
        }
    }

    /** A chunk has conditions of its own, but no Range: the query says which bytes. */
    void chunk(Invocation invocation, Manifest manifest, ChunkReference chunk, Conditions conditions) {
        Optional<ByteRange> range = chunk.within(manifest.lengthBytes());
        Selected selected =
                Selection.select(!invocation.isHead(), conditions.withoutRange(), manifest.representation());
        if (selected instanceof Selected.NotModified) {
            notModified(invocation, manifest);
        } else if (selected instanceof Selected.PreconditionFailed) {
            invocation.fail(preconditionFailed(manifest));
        } else if (range.isEmpty()) {
            invocation.fail(unsatisfiable(manifest));
        } else if (!invocation.isHead() && limit.isExceededBy(range.get().length())) {
            // Its client knows no Range to send to S3.
            invocation.fail(limit.problem());
        } else {
            chunkAnswers.answer(invocation, manifest, range.get());
        }
    }

    private void whole(Invocation invocation, Manifest manifest, Conditions conditions) {
        HttpServerResponse response = invocation.response();
        if (invocation.isHead() || manifest.lengthBytes() == 0) {
            head(response, manifest, OK, manifest.lengthBytes(), manifest.contentType());
            Fields.fromManifest(response);
            response.end();
            return;
        }
        ByteRange all = new ByteRange(0, manifest.lengthBytes() - 1);
        Consumer<Piece.Slice> head = first -> {
            head(response, manifest, OK, manifest.lengthBytes(), manifest.contentType());
            provenance.tell(response, manifest, first);
        };
        range(invocation, manifest, all, conditions, head);
    }

    private void part(Invocation invocation, Manifest manifest, ByteRange range, Conditions conditions) {
        HttpServerResponse response = invocation.response();
        Consumer<Piece.Slice> head = first -> {
            head(response, manifest, PARTIAL_CONTENT, range.length(), manifest.contentType());
            response.putHeader(HttpHeaders.CONTENT_RANGE, range.contentRange(manifest.lengthBytes()));
            provenance.tell(response, manifest, first);
        };
        range(invocation, manifest, range, conditions, head);
    }

    private void range(
            Invocation invocation,
            Manifest manifest,
            ByteRange range,
            Conditions conditions,
            Consumer<Piece.Slice> head) {
        if (limit.isExceededBy(range.length())) {
            elsewhere(invocation, manifest, conditions);
            return;
        }
        long begunNanos = invocation.trace().begin();
        Piece.Slice hit = download.hit(manifest, range);
        if (hit != null) {
            invocation.trace().obtained(begunNanos, hit);
            head.accept(hit);
            new BodyWriter(invocation, range.length(), limits, threads, pacer).write(hit);
            return;
        }
        CompletableFuture<Delivery> delivery = redirectable(conditions)
                ? download.deliverOrRedirect(
                        manifest, range, conditions.range(), invocation.tenant(), invocation.deadline())
                : download.deliver(manifest, range, invocation.tenant(), invocation.deadline());
        invocation.whenDone(delivery, delivered -> {
            obtained(invocation, begunNanos, delivered);
            deliver(invocation, manifest, delivered, new Frame(range.length(), head, List.of(), List.of()));
        });
    }

    /** A precondition holds here for our entity tag; at S3 the object has another. */
    private static boolean redirectable(Conditions conditions) {
        return conditions.ifMatch() == null && conditions.ifUnmodifiedSince() == null;
    }

    /** For what is too large to go through here: S3 knows of several ranges as little as of our entity tag, and sends the whole. */
    private void elsewhere(Invocation invocation, Manifest manifest, Conditions conditions) {
        if (!redirectable(conditions) || !download.canRedirect(manifest)) {
            invocation.fail(limit.problem());
            return;
        }
        invocation.whenDone(
                download.redirect(manifest, conditions.range(), invocation.deadline()),
                delivered -> deliver(invocation, manifest, delivered, Frame.NONE));
    }

    private void parts(Invocation invocation, Manifest manifest, List<ByteRange> ranges, Conditions conditions) {
        HttpServerResponse response = invocation.response();
        Multipart multipart = Multipart.of(manifest, ranges);
        if (limit.isExceededBy(multipart.lengthBytes())) {
            elsewhere(invocation, manifest, conditions);
            return;
        }
        Consumer<Piece.Slice> head = first -> {
            head(response, manifest, PARTIAL_CONTENT, multipart.lengthBytes(), multipart.contentType());
            provenance.tell(response, manifest, first);
        };
        // The first part's bytes are asked for before the head goes out, as those of a single range are.
        Frame frame = new Frame(
                multipart.lengthBytes(),
                head,
                List.of(new Segment.Literal(multipart.openingOfFirst())),
                multipart.segmentsAfterFirst(
                        range -> download.deliver(manifest, range, invocation.tenant(), invocation.deadline())));
        long begunNanos = invocation.trace().begin();
        CompletableFuture<Delivery> delivery =
                download.deliver(manifest, ranges.getFirst(), invocation.tenant(), invocation.deadline());
        invocation.whenDone(delivery, delivered -> {
            obtained(invocation, begunNanos, delivered);
            deliver(invocation, manifest, delivered, frame);
        });
    }

    private static void obtained(Invocation invocation, long begunNanos, Delivery delivery) {
        switch (delivery) {
            case Delivery.Streamed(var _, Piece.Slice first) ->
                invocation.trace().obtained(begunNanos, first);
            case Delivery.Unavailable(Failure failure) ->
                invocation.trace().obtained(begunNanos, new Piece.Missing(failure));
            case Delivery.Redirected _ -> {}
        }
    }

    /**
     * What stands around the bytes of the first range.
     *
     * @param lengthBytes of the whole body
     * @param head sets the fields of the answer, given the first bytes
     */
    private record Frame(long lengthBytes, Consumer<Piece.Slice> head, List<Segment> before, List<Segment> after) {
        /** For what is never delivered through here. */
        static final Frame NONE = new Frame(0, first -> {}, List.of(), List.of());

        List<Segment> around(Piece.Slice first, Body rest) {
            List<Segment> segments = new ArrayList<>(before);
            segments.add(new Segment.Held(first));
            segments.add(new Segment.Rest(rest));
            segments.addAll(after);
            return segments;
        }
    }

    private void deliver(Invocation invocation, Manifest manifest, Delivery delivery, Frame frame) {
        switch (delivery) {
            case Delivery.Streamed(Body body, Piece.Slice first) -> {
                if (invocation.isOver()) {
                    body.close();
                    first.release();
                    return;
                }
                frame.head().accept(first);
                new BodyWriter(invocation, frame.lengthBytes(), limits, threads, pacer)
                        .write(frame.around(first, body));
            }
            case Delivery.Redirected(URI uri) -> redirect(invocation, uri);
            case Delivery.Unavailable(Failure failure) -> invocation.fail(provenance.problem(manifest, failure));
        }
    }

    private static void redirect(Invocation invocation, URI uri) {
        if (!invocation.isOver()) {
            invocation
                    .response()
                    .setStatusCode(307)
                    .putHeader(HttpHeaders.LOCATION, uri.toString())
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader("Cache-Status", "edge; fwd=miss; detail=redirect")
                    .putHeader(HttpHeaders.CONTENT_LENGTH, "0")
                    .end();
        }
    }

    private void head(
            HttpServerResponse response, Manifest manifest, int status, long lengthBytes, String contentType) {
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(lengthBytes));
        Fields.validators(response, manifest);
        Fields.representation(response, manifest, contentType);
    }

    private static void notModified(Invocation invocation, Manifest manifest) {
        HttpServerResponse response = invocation.response().setStatusCode(304);
        Fields.validators(response, manifest);
        Fields.fromManifest(response);
        response.end();
    }

    private static Problem preconditionFailed(Manifest manifest) {
        return Problem.of(ProblemType.PRECONDITION_FAILED, "The object's entity tag is " + manifest.etag() + ".");
    }

    private static Problem unsatisfiable(Manifest manifest) {
        return Problem.of(ProblemType.RANGE_NOT_SATISFIABLE, "The object is " + manifest.lengthBytes() + " bytes long.")
                .with("Content-Range", "bytes */" + manifest.lengthBytes());
    }
}
