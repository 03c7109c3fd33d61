package io.edgedownload.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** What is known of a client only below HTTP. For the event loop that the connection lives on. */
final class Sockets {
    private Sockets() {}

    /** Cuts the answer off. Over HTTP/1.1 by a TCP reset, which no client takes for an end. */
    static void reset(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
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
