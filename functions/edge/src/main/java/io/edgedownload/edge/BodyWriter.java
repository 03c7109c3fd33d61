package io.edgedownload.edge;

import io.edgedownload.edge.AnswerTrace.Sent;
import io.edgedownload.engine.Body;
import io.edgedownload.engine.Delivery;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.guard.Pacer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of one answer, on the event loop of its connection.
 *
 * <p><b>One operation at a time.</b> The writer is a state machine: the next bytes are asked for, or bytes are written, or the body
 * is ended, and never two of these at once. The state changes before an operation begins, and the end of the operation
 * changes it back. Vert.x and Netty may report that end from within the call that begins the operation, or later; either way it only
 * marks the machine as ready, and the one loop in {@link #run} goes on. No call can re-enter the writer and write bytes that
 * belong behind others.
 *
 * <p><b>Flow.</b> A write ends when the kernel has taken its bytes; over HTTP/2 the stream's window let them through before that.
 * The next bytes are taken then: a slow client makes the fill wait, and an answer holds one slice besides those that {@link
 * Body} asks for ahead.
 *
 * <p><b>Length.</b> Every byte is counted against the Content-Length of the head, on every protocol. A body that would become
 * longer or shorter is reset. A body is reset too when data is missing, the deadline passed, the client stopped reading, or
 * something was thrown: no failure ends a body as if it were complete.
 */
final class BodyWriter {
    private static final Logger LOG = Logger.getLogger(BodyWriter.class);

    /** What one answer may write before the others on its event loop have their turn. */
    private static final int TURN_BYTES = 1 << 20;

    private final Invocation invocation;
    private final HttpServerResponse response;
    private final SliceWriter slices;
    private final Limits limits;
    private final Pacer pacer;

    private State state = State.READY;
    /** Whether {@link #run} is on the stack. */
    private boolean running;

    private final Queue<Segment> segments = new ArrayDeque<>(2);
    /** What was asked for and has come. */
    private @Nullable Arrived arrived;
    /** The body whose pieces come next. */
    private @Nullable Body rest;
    /** Of the Content-Length, not handed to the connection yet. */
    private long leftBytes;

    private long turnBytes;
    private long begunNanos;
    private long deadlineTimer = -1;
    private long readTimer = -1;
    private long readBytesBefore;

    private enum State {
        /** Nothing is under way. */
        READY,
        /** The next bytes were asked for, and are not there yet. */
        ASKING,
        /** Bytes are on their way to the client. */
        WRITING,
        /** The other connections of the event loop have their turn. */
        YIELDING,
        /** All bytes are written, and the end is on its way. */
        ENDING,
        /** Written to its end, left by the client, or reset. */
        OVER
    }

    private record Arrived(Runnable take, Runnable leave) {}

    /** A part of a body. */
    sealed interface Segment {
        record Literal(Buffer bytes) implements Segment {}

        /** Released by the writer, whatever comes of it. */
        record Held(Piece.Slice slice) implements Segment {}

        /** All pieces that the body still has; closed by the writer. */
        record Rest(Body body) implements Segment {}

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

    /**
     * A writer for an answer whose head is set.
     *
     * @param lengthBytes of the whole body, as the head says in Content-Length
     */
    BodyWriter(Invocation invocation, long lengthBytes, Limits limits, WaitingThreads threads, Pacer pacer) {
        this.invocation = invocation;
        this.response = invocation.response();
        this.leftBytes = lengthBytes;
        this.slices = new SliceWriter(invocation, threads, pacer);
        this.limits = limits;
        this.pacer = pacer;
    }

    /** Writes a body that is one slice, and releases the slice. */
    void write(Piece.Slice slice) {
        if (slice.lengthBytes() != leftBytes || pacer.isLimited() || !slices.canEnd(slice)) {
            write(List.of(new Segment.Held(slice)));
            return;
        }
        begunNanos = invocation.trace().begin();
        leftBytes = 0;
        state = State.ENDING;
        slices.end(slice).onComplete(this::ended);
        // The flush is at the end of this turn of the event loop: most answers are in the socket by then, and need no
        // timers.
        invocation.context().runOnContext(flushed -> {
            if (state != State.OVER) {
                watch();
            }
        });
    }

    /** Writes a body part by part. */
    void write(List<Segment> body) {
        begunNanos = invocation.trace().begin();
        segments.addAll(body);
        if (invocation.isOver()) {
            finish(Sent.LEFT);
            return;
        }
        watch();
        response.closeHandler(closed -> finish(Sent.LEFT));
        response.exceptionHandler(broken -> finish(Sent.LEFT));
        run();
    }

    /** Begins one operation after the other, as long as none is under way. */
    private void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            while (state == State.READY) {
                Arrived next = arrived;
                arrived = null;
                if (next == null) {
                    step();
                } else {
                    next.take().run();
                }
            }
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "writing %s failed", invocation.id().value());
            reset(Sent.RESET);
        } finally {
            running = false;
        }
    }

    private void step() {
        if (turnBytes >= TURN_BYTES) {
            turnBytes = 0;
            state = State.YIELDING;
            invocation.context().runOnContext(turn -> ready(State.YIELDING));
            return;
        }
        CompletableFuture<Piece> next = rest == null ? null : rest.next();
        if (next == null) {
            rest = null;
            begin(segments.poll());
        } else if (next.isDone()) {
            take(next.join());
        } else {
            long askedNanos = invocation.trace().begin();
            await(
                    next,
                    piece -> {
                        invocation.trace().obtained(askedNanos, piece);
                        take(piece);
                    },
                    BodyWriter::leave);
        }
    }

    private void begin(@Nullable Segment segment) {
        switch (segment) {
            case null -> end();
            case Segment.Literal(Buffer bytes) -> {
                count(bytes.length());
                state = State.WRITING;
                response.write(bytes).onComplete(this::wrote);
            }
            case Segment.Held(Piece.Slice slice) -> write(slice, pacer.isLimited());
            case Segment.Rest(Body body) -> rest = body;
            case Segment.Later(var delivery) -> await(delivery.get(), this::take, BodyWriter::leave);
        }
    }

    /** What arrives is taken when it is there, or left when the answer is over by then. */
    private <T> void await(CompletableFuture<T> asked, Consumer<T> take, Consumer<T> leave) {
        state = State.ASKING;
        var _ = asked.whenComplete((value, failure) -> invocation.onEventLoop(() -> {
            if (failure != null) {
                LOG.errorf(failure, "writing %s failed", invocation.id().value());
                reset(Sent.RESET);
            } else if (state == State.ASKING) {
                arrived = new Arrived(() -> take.accept(value), () -> leave.accept(value));
                ready(State.ASKING);
            } else {
                leave.accept(value);
            }
        }));
    }

    private void take(Piece piece) {
        switch (piece) {
            case Piece.Slice slice -> write(slice, pacer.isLimited());
            case Piece.Missing _ -> reset(Sent.RESET);
        }
    }

    private static void leave(Piece piece) {
        if (piece instanceof Piece.Slice slice) {
            slice.release();
        }
    }

    private void take(Delivery delivery) {
        switch (delivery) {
            case Delivery.Streamed(Body body, Piece.Slice slice) -> {
                rest = body;
                take(slice);
            }
            case Delivery.Unavailable _ -> reset(Sent.RESET);
            case Delivery.Redirected _ -> throw new AssertionError("a part cannot be redirected");
        }
    }

    private static void leave(Delivery delivery) {
        if (delivery instanceof Delivery.Streamed(Body body, Piece.Slice slice)) {
            body.close();
            slice.release();
        }
    }

    private void write(Piece.Slice slice, boolean paced) {
        try {
            count(slice.lengthBytes());
        } catch (IllegalStateException e) {
            slice.release();
            throw e;
        }
        state = State.WRITING;
        (paced ? slices.pace(slice) : slices.write(slice)).onComplete(this::wrote);
    }

    private void wrote(AsyncResult<Void> written) {
        invocation.onEventLoop(() -> {
            if (written.failed()) {
                reset(Sent.LEFT);
            } else {
                ready(State.WRITING);
            }
        });
    }

    /** Counts bytes before they are handed to the connection. */
    private void count(int lengthBytes) {
        if (lengthBytes > leftBytes) {
            throw new IllegalStateException(
                    "the body has " + (lengthBytes - leftBytes) + " bytes more than its head says");
        }
        leftBytes -= lengthBytes;
        turnBytes += lengthBytes;
    }

    private void end() {
        if (leftBytes > 0) {
            throw new IllegalStateException("the body has " + leftBytes + " bytes less than its head says");
        }
        state = State.ENDING;
        response.end().onComplete(this::ended);
    }

    private void ended(AsyncResult<Void> end) {
        invocation.onEventLoop(() -> {
            if (end.failed()) {
                reset(Sent.LEFT);
            } else {
                finish(Sent.WHOLE);
            }
        });
    }

    /** The operation is over, and the next may begin unless the answer is over as well. */
    private void ready(State operation) {
        if (state == operation) {
            state = State.READY;
            run();
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
        if (state != State.OVER) {
            finish(outcome);
            Sockets.reset(invocation.request());
        }
    }

    private void finish(Sent outcome) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        invocation.trace().sent(begunNanos, outcome);
        slices.leave();
        if (deadlineTimer >= 0) {
            Vertx vertx = invocation.context().owner();
            vertx.cancelTimer(deadlineTimer);
            vertx.cancelTimer(readTimer);
        }
        if (arrived != null) {
            arrived.leave().run();
            arrived = null;
        }
        if (rest != null) {
            rest.close();
            rest = null;
        }
        for (Segment left = segments.poll(); left != null; left = segments.poll()) {
            switch (left) {
                case Segment.Held(Piece.Slice slice) -> slice.release();
                case Segment.Rest(Body body) -> body.close();
                case Segment.Literal _, Segment.Later _ -> {}
            }
        }
    }
}
