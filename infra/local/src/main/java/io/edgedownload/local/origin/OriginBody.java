package io.edgedownload.local.origin;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Sends a stretch of a file as the body of a response whose head is set, well or badly. Runs on the event loop.
 *
 * @param first first byte's position in the file
 * @param lengthBytes how many follow from there; the file has them
 */
record OriginBody(Vertx vertx, HttpServerRequest request, Path file, long first, long lengthBytes) {
    private static final int BLOCK_BYTES = 20_000;
    private static final long TRICKLE_EVERY_MILLIS = 100;
    private static final int FLIP = 0x5A;

    /** The headers that describe the body. Comes first. */
    void head() {
        response()
                .putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Long.toString(lengthBytes));
    }

    void send() {
        if (isBodiless()) {
            response().end();
        } else {
            response().sendFile(file.toString(), first, lengthBytes);
        }
    }

    /** 20,000 bytes ten times a second. */
    void trickle() {
        stream(
                UnaryOperator.identity(),
                reading -> vertx.setTimer(TRICKLE_EVERY_MILLIS, tick -> whenWritable(reading)));
    }

    /** All bytes in their places, the first of every block wrong. */
    void corrupt() {
        stream(block -> block.setByte(0, (byte) (block.getByte(0) ^ FLIP)), this::whenWritable);
    }

    /** Half the bytes under a head that promises all, then a TCP reset. */
    void reset() {
        cut(() -> {
            // A linger time of zero makes close() send RST instead of FIN.
            ((ConnectionBase) request.connection()).channel().config().setOption(ChannelOption.SO_LINGER, 0);
            request.connection().close();
        });
    }

    /** Half the bytes under a head that promises all, then an orderly end of the connection. */
    void truncate() {
        cut(() -> request.connection().close());
    }

    /** 503 in place of the answer. */
    void unavailable() {
        response().headers().remove("Content-Range").remove("ETag").remove("Last-Modified");
        response()
                .setStatusCode(503)
                .putHeader("Content-Length", "0")
                .putHeader("Retry-After", "1")
                .end();
    }

    private boolean isBodiless() {
        return lengthBytes == 0 || request.method().equals(HttpMethod.HEAD);
    }

    private void cut(Runnable end) {
        var half = lengthBytes / 2;
        if (half == 0 || isBodiless()) {
            end.run();
        } else {
            response().sendFile(file.toString(), first, half).onComplete(sent -> end.run());
        }
    }

    private void stream(UnaryOperator<Buffer> change, Consumer<AsyncFile> next) {
        if (isBodiless()) {
            response().end();
            return;
        }
        vertx.fileSystem()
                .open(file.toString(), new OpenOptions().setWrite(false).setCreate(false))
                .onFailure(unreadable -> request.connection().close())
                .onSuccess(reading -> {
                    reading.setReadBufferSize(BLOCK_BYTES).setReadPos(first).setReadLength(lengthBytes);
                    response().exceptionHandler(clientGone -> reading.close());
                    reading.exceptionHandler(unreadable -> request.connection().close());
                    reading.endHandler(read -> response().end().onComplete(ended -> reading.close()));
                    reading.handler(block -> {
                        reading.pause();
                        response().write(change.apply(block));
                        next.accept(reading);
                    });
                });
    }

    private void whenWritable(AsyncFile reading) {
        if (response().writeQueueFull()) {
            response().drainHandler(drained -> reading.resume());
        } else {
            reading.resume();
        }
    }

    private HttpServerResponse response() {
        return request.response();
    }
}
