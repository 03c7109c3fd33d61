package io.edgedownload.engine.fetch;

import io.edgedownload.engine.fetch.Failure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * Reads the body of a range into one direct buffer. Lives on the connection's event loop: all its calls come from there, so
 * its fields need no guard.
 */
final class RangeReceiver implements Receiver<Fetched> {
    private final RangeQuery query;
    private final Vertx vertx;
    private final ByteBufAllocator buffers;
    private final Fetcher.Limits limits;

    RangeReceiver(RangeQuery query, Vertx vertx, ByteBufAllocator buffers, Fetcher.Limits limits) {
        this.query = query;
        this.vertx = vertx;
        this.buffers = buffers;
        this.limits = limits;
    }

    @Override
    public Future<Fetched> receive(HttpClientResponse response) {
        Failure failure = HeadCheck.check(query, response);
        if (failure != null) {
            // What follows is of no use, and reading it to the end could take long.
            Exchange.drop(response);
            return Future.succeededFuture(new Fetched.Failed(failure));
        }
        return new Body(response).read();
    }

    @Override
    public boolean isCut(Fetched outcome) {
        return switch (outcome) {
            case Fetched.Broken(ByteBuf _, Failure failure) -> failure.kind() == Kind.CUT;
            case Fetched.Failed(Failure failure) -> failure.kind() == Kind.CUT;
            case Fetched.Complete _ -> false;
        };
    }

    @Override
    public void discard(Fetched outcome) {
        outcome.release();
    }

    private final class Body {
        private final HttpClientResponse response;
        private final Promise<Fetched> outcome = Promise.promise();
        private final ByteBuf bytes = buffers.directBuffer(query.lengthBytes(), query.lengthBytes());
        private final long floorBytes;
        private long progressTimer;
        private final int fromBytes;
        private int seenBytes;
        private boolean ended;

        Body(HttpClientResponse response) {
            this.response = response;
            if (query.part() != null) {
                bytes.writeBytes(
                        query.part(), query.part().readerIndex(), query.part().readableBytes());
            }
            this.fromBytes = bytes.writerIndex();
            this.seenBytes = fromBytes;
            this.floorBytes = limits.progressFloorBytesPerSecond()
                    * limits.progressWindow().toMillis()
                    / 1_000;
        }

        Future<Fetched> read() {
            response.handler(this::append);
            response.endHandler(end -> end());
            response.exceptionHandler(cut -> breakOff(cut("cut off after")));
            progressTimer = vertx.setPeriodic(limits.progressWindow().toMillis(), timer -> checkProgress());
            return outcome.future();
        }

        // Deprecated for Vert.x 5, where it is internal; here it saves a copy of every byte.
        @SuppressWarnings("deprecation")
        private void append(Buffer part) {
            if (ended) {
                return;
            }
            if (part.length() > bytes.writableBytes()) {
                bytes.clear();
                breakOff(Failure.of(Kind.LIED, "the body is longer than the range")
                        .in(Layer.BODY));
            } else {
                bytes.writeBytes(part.getByteBuf());
            }
        }

        private void end() {
            if (ended) {
                return;
            }
            if (bytes.isWritable()) {
                breakOff(cut("the body ended after"));
                return;
            }
            finish();
            outcome.complete(new Fetched.Complete(bytes, Timings.NONE));
        }

        private void checkProgress() {
            int received = bytes.writerIndex() - seenBytes;
            seenBytes = bytes.writerIndex();
            if (received < floorBytes) {
                breakOff(Failure.of(
                                Kind.TIMEOUT,
                                "the body came too slowly: " + received + " bytes in " + limits.progressWindow())
                        .in(Layer.PROGRESS));
            }
        }

        private Failure cut(String what) {
            return Failure.of(Kind.CUT, what + " " + (bytes.writerIndex() - fromBytes) + " bytes")
                    .in(Layer.BODY);
        }

        /** What came is handed over, for another answer may begin after it. */
        private void breakOff(Failure failure) {
            if (ended) {
                return;
            }
            finish();
            response.request().reset();
            if (bytes.isReadable()) {
                outcome.complete(new Fetched.Broken(bytes, failure));
            } else {
                bytes.release();
                outcome.complete(new Fetched.Failed(failure));
            }
        }

        private void finish() {
            ended = true;
            vertx.cancelTimer(progressTimer);
        }
    }
}
