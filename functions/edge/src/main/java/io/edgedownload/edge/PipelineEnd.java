package io.edgedownload.edge;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends a pipelined request that has not come whole, or was not HTTP, when its connection ends. Vert.x 4.5 fails over such a one,
 * which has no response yet, before it has told the answer under way that nobody reads it any more: that would hold its chunks until
 * its deadline, and count as a connection for ever. For the event loop of the connection.
 */
final class PipelineEnd extends ChannelDuplexHandler {
    /** What Vert.x calls its own. */
    private static final String VERTX = "handler";

    /** Of them the first has begun when this comes into the pipeline. */
    private long requests = 1;

    private long answers;

    /** Whether more of the last request is to come. What is not HTTP has no end. */
    private boolean unfinished = true;

    private PipelineEnd() {}

    /** To be called for each request when its head has come. */
    static void watch(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection) {
            ChannelPipeline pipeline = connection.channel().pipeline();
            if (pipeline.get(PipelineEnd.class) == null && pipeline.get(VERTX) != null) {
                pipeline.addBefore(VERTX, null, new PipelineEnd());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            requests++;
            unfinished = true;
        } else if (message instanceof LastHttpContent last
                && last.decoderResult().isSuccess()) {
            unfinished = false;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message)) {
            answers++;
        }
        var _ = context.write(message, promise);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(context);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(context);
        context.fireExceptionCaught(cause);
    }

    /** The one that is being answered is left alone: it would seem to be whole. */
    private void end(ChannelHandlerContext context) {
        if (unfinished && requests - answers > 1) {
            unfinished = false;
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}
