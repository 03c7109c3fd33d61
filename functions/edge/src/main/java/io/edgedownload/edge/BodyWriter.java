package io.edgedownload.edge;

import io.edgedownload.edge.AnswerTrace.Sent;
import io.edgedownload.engine.Body;
import io.edgedownload.engine.Delivery;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.verify.FileChunk;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of one answer whose head is set, on the event loop: each slice goes to the socket from where it lies, and the
 * next is taken when the socket has room, so that a slow client makes the fill wait. A body that cannot be written to its end,
 * for want of bytes, of time or of a reader, ends with a reset: never as if it were complete.
 */
final class BodyWriter {
    private final Invocation invocation;
    private final HttpServerResponse response;
    private final SliceWriter slices;
    private final Queue<Segment> segments;
    private final Limits limits;
    private final Pacer pacer;
    private @Nullable Body body;
    /** Whether the next bytes were asked for and are not there, or a file is on its way: nothing may be taken before that. */
    private boolean waiting;

    private boolean allTaken;
    private boolean over;
    private long begunNanos;
    private long deadlineTimer = -1;
    private long readTimer = -1;
    private long readBytesBefore;

    /** What stands between the pieces of the first body and the end. */
    sealed interface Segment {
        record Literal(Buffer bytes) implements Segment {}

        /** Released by the writer, whatever comes of it. */
        record Held(Piece.Slice slice) implements Segment {}

        /** Asked for when its turn has come. */
        record Later(Supplier<CompletableFuture<Delivery>> delivery) implements Segment {}
    }

    /**
     * @param readFloorBytesPerSecond what a client must read on average over each window
     * @param readWindow at least 1 ms
     */
    record Limits(long readFloorBytesPerSecond, Duration readWindow) {
        static Limits of(EdgeConfig config) {
            return new Limits(
                    config.client().readFloor().asLongValue(), config.client().readWindow());
        }
    }

    /** @param segments that follow what is handed to {@link #stream} */
    BodyWriter(Invocation invocation, List<Segment> segments, Limits limits, WaitingThreads threads, Pacer pacer) {
        this.invocation = invocation;
        this.response = invocation.response();
        this.slices = new SliceWriter(invocation, threads, pacer);
        this.segments = new ArrayDeque<>(segments);
        this.limits = limits;
        this.pacer = pacer;
    }

    /** Writes a body that is one slice. */
    void end(Piece.Slice slice) {
        begunNanos = invocation.trace().begin();
        if (pacer.isLimited()) {
            segments.add(new Segment.Held(slice));
            stream();
            return;
        }
        slices.end(slice).onSuccess(ended -> finish(Sent.WHOLE)).onFailure(failed -> reset(Sent.LEFT));
        // After the flush, which is at the end of this turn of the event loop: most answers are in the socket by then,
        // and
        // need no timers.
        invocation.context().runOnContext(flushed -> {
            if (!over) {
                watch();
            }
        });
    }

    /** Writes a body that is all there. */
    void end(List<Piece.Slice> held) {
        if (held.size() == 1) {
            end(held.getFirst());
        } else {
            begunNanos = invocation.trace().begin();
            held.forEach(slice -> segments.add(new Segment.Held(slice)));
            stream();
        }
    }

    private void stream() {
        watch();
        response.closeHandler(closed -> finish(Sent.LEFT));
        response.exceptionHandler(broken -> finish(Sent.LEFT));
        pump();
    }

    /** Writes a body piece by piece, then the segments. */
    void stream(Body first, Piece.Slice slice) {
        body = first;
        begunNanos = invocation.trace().begin();
        write(slice);
        stream();
    }

    private void pump() {
        while (!over && !allTaken && !waiting) {
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> pump());
                return;
            }
            CompletableFuture<Piece> next = body == null ? null : body.next();
            if (next == null) {
                body = null;
                if (!nextSegment()) {
                    return;
                }
            } else if (!next.isDone()) {
                waiting = true;
                long askedNanos = invocation.trace().begin();
                invocation.whenDone(next, piece -> {
                    waiting = false;
                    invocation.trace().obtained(askedNanos, piece);
                    take(piece);
                    pump();
                });
                return;
            } else {
                take(next.join());
            }
        }
    }

    /** Whether there is more to do right now. */
    private boolean nextSegment() {
        return switch (segments.poll()) {
            case null -> {
                allTaken = true;
                response.end().onComplete(done -> finish(done.succeeded() ? Sent.WHOLE : Sent.LEFT));
                yield false;
            }
            case Segment.Literal(Buffer bytes) -> {
                response.write(bytes);
                yield true;
            }
            case Segment.Held(Piece.Slice slice) -> {
                write(slice);
                yield true;
            }
            case Segment.Later(var delivery) -> {
                waiting = true;
                invocation.whenDone(delivery.get(), this::begin);
                yield false;
            }
        };
    }

    private void begin(Delivery delivery) {
        waiting = false;
        switch (delivery) {
            case Delivery.Streamed(Body next, Piece.Slice slice) -> {
                if (over) {
                    next.close();
                    slice.release();
                } else {
                    body = next;
                    write(slice);
                    pump();
                }
            }
            case Delivery.Unavailable unavailable -> reset(Sent.RESET);
            case Delivery.Redirected redirected -> throw new AssertionError("a part cannot be redirected");
        }
    }

    private void take(Piece piece) {
        switch (piece) {
            case Piece.Slice slice -> {
                if (over) {
                    slice.release();
                } else {
                    write(slice);
                }
            }
            case Piece.Missing missing -> reset(Sent.RESET);
        }
    }

    private void write(Piece.Slice slice) {
        boolean paced = pacer.isLimited();
        Future<Void> written = paced ? slices.pace(slice) : slices.write(slice);
        if (paced || slice.chunk() instanceof FileChunk) {
            // One at a time: the connection's queue, by which it says that it is full, knows nothing of turns, and does
            // not count files.
            waiting = true;
            written.onComplete(done -> invocation.context().runOnContext(turn -> wrote(done)));
        }
    }

    /** In another turn of the event loop, for a client may read as fast as files are sent, and others wait. */
    private void wrote(AsyncResult<Void> done) {
        waiting = false;
        if (done.failed()) {
            reset(Sent.LEFT);
        } else {
            pump();
        }
    }

    /** Limits the body by the deadline, and by what the client reads. */
    private void watch() {
        Vertx vertx = invocation.context().owner();
        deadlineTimer =
                vertx.setTimer(Math.max(1, invocation.deadline().remainingMillis()), passed -> reset(Sent.RESET));
        readTimer = vertx.setPeriodic(limits.readWindow().toMillis(), window -> checkReader());
    }

    private void checkReader() {
        long floorBytes = limits.readFloorBytesPerSecond() * limits.readWindow().toMillis() / 1_000;
        boolean paced = slices.waitedForTurn();
        long readBytes = Sockets.sentBytes(invocation.request()) + slices.sentFileBytes();
        // Who had to wait for a turn may have had less to read than the floor.
        if (!paced && Sockets.hasUnsentBytes(invocation.request()) && readBytes - readBytesBefore < floorBytes) {
            reset(Sent.RESET);
        }
        readBytesBefore = readBytes;
    }

    /** So that the client sees an error and no end. */
    private void reset(Sent outcome) {
        if (!over) {
            finish(outcome);
            Sockets.reset(invocation.request());
        }
    }

    private void finish(Sent outcome) {
        if (!over) {
            invocation.trace().sent(begunNanos, outcome);
        }
        over = true;
        slices.leave();
        if (deadlineTimer >= 0) {
            Vertx vertx = invocation.context().owner();
            vertx.cancelTimer(deadlineTimer);
            vertx.cancelTimer(readTimer);
        }
        if (body != null) {
            body.close();
            body = null;
        }
        for (Segment left = segments.poll(); left != null; left = segments.poll()) {
            if (left instanceof Segment.Held(Piece.Slice slice)) {
                slice.release();
            }
        }
    }
}
