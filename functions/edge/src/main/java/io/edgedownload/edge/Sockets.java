package io.edgedownload.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** What is known of a client only below HTTP. For the event loop that the connection lives on. */
final class Sockets {
    private Sockets() {}

    /**
     * Cuts the answer off. Over HTTP/1.1 by a TCP reset, which no client takes for an end; over HTTP/2 by a reset of the stream that
     * names an error. Vert.x' own reset names none, which says that a response is complete (RFC 9113 §8.1), and clients
     * believe it.
     */
    static void reset(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            if (!request.response().closed()) {
                request.response().reset(Http2Error.INTERNAL_ERROR.code());
            }
            return;
        }
        Channel channel = channel(request);
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        // Past Vert.x, which flushes before it closes: a client that does not read would never be cut.
        channel.unsafe().close(channel.voidPromise());
    }

    /** Runs the action when nothing that was written into the connection so far can be sent any more: it is sent, or dropped. */
    static void afterUnsent(HttpServerRequest request, Runnable action) {
        if (request.version() == HttpVersion.HTTP_2) {
            // It carries no byte, and comes behind all that waits.
            channel(request).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(passed -> action.run());
        } else {
            action.run();
        }
    }

    /** Bytes of the answer that the kernel has taken; it takes no more than the client reads and its window holds. */
    static long sentBytes(HttpServerRequest request) {
        ChannelOutboundBuffer unsent = channel(request).unsafe().outboundBuffer();
        return unsent == null
                ? request.response().bytesWritten()
                : request.response().bytesWritten() - unsent.totalPendingWriteBytes() + unsent.currentProgress();
    }

    static boolean hasUnsentBytes(HttpServerRequest request) {
        ChannelOutboundBuffer unsent = channel(request).unsafe().outboundBuffer();
        return unsent != null && !unsent.isEmpty();
    }

    private static Channel channel(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }
}
