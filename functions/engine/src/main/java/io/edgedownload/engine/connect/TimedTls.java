package io.edgedownload.engine.connect;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** TLS by the JDK that tells when its handshakes begin and end: Vert.x hands out connections only when both are done. */
final class TimedTls extends JdkSSLEngineOptions {
    private final Handshakes handshakes;

    TimedTls(Handshakes handshakes) {
        this.handshakes = handshakes;
    }

    @Override
    public TimedTls copy() {
        return new TimedTls(handshakes);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new Context(super.create(), handshakes);
            }
        };
    }

    private static final class Context extends DelegatingSslContext {
        private final Handshakes handshakes;

        Context(SslContext context, Handshakes handshakes) {
            super(context);
            this.handshakes = handshakes;
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator buffers, String host, int port, boolean startTls, Executor tasks) {
            return new Handler(newEngine(buffers, host, port), startTls, tasks, handshakes);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // As it is.
        }
    }

    private static final class Handler extends SslHandler {
        private final Handshakes handshakes;

        Handler(SSLEngine engine, boolean startTls, Executor tasks, Handshakes handshakes) {
            super(engine, startTls, tasks);
            this.handshakes = handshakes;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            handshakes.begun(context.channel());
            handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    handshakes.done(context.channel());
                }
            });
            super.channelActive(context);
        }
    }
}
