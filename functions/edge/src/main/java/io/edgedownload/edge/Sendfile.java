package io.edgedownload.edge;

import io.edgedownload.engine.Piece;
import io.edgedownload.engine.verify.FileChunk;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.future.PromiseInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.jboss.logging.Logger;

/**
 * Has the kernel send a slice of a file from its page cache (sendfile(2)), as a part of a body. Vert.x can do that for a whole
 * body only: its sendFile takes a path, opens the file on the event loop, and ends the answer. So the slice is written into the
 * connection past Vert.x, between the head and the end that Vert.x writes. All that this takes from inside Vert.x is here, in
 * {@link Sockets} and in {@link PipelineEnd}. For the event loop that the connection lives on.
 */
final class Sendfile {
    private static final Logger LOG = Logger.getLogger(Sendfile.class);

    private Sendfile() {}

    /** Whether bytes go from here to a socket as they are: not encrypted, not compressed, not in HTTP/2 frames, not into a platform's buffer. */
    static boolean reaches(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2
                && request.connection() instanceof ConnectionBase connection
                && connection.channel() instanceof SocketChannel
                && !connection.isSsl()
                && !connection.isTrafficShaped()
                && connection.channel().pipeline().get(HttpContentCompressor.class) == null;
    }

    /**
     * Sends the slice, and the head before it if that was not sent, then releases the slice. The answer must have a
     * Content-Length. When the file is shorter than the slice, the connection is reset.
     *
     * @param chunk the slice's
     * @return ends when the kernel has taken all of it, or the connection has failed
     */
    static Future<Void> send(HttpServerRequest request, Piece.Slice slice, FileChunk chunk) {
        HttpServerResponse response = request.response();
        if (!response.headWritten()) {
            response.writeHead();
        }
        ConnectionBase connection = (ConnectionBase) request.connection();
        PromiseInternal<Void> sent = connection.getContext().promise();
        connection.writeToChannel(new Region(slice, chunk, connection.channel().config()), sent);
        return sent.future();
    }

    /** A slice on its way. Netty's own type, for Netty and Vert.x know it; it would close the file, which others read too. */
    private static final class Region extends DefaultFileRegion {
        private final Piece.Slice slice;
        private final FileChunk chunk;
        private final ChannelConfig connection;

        Region(Piece.Slice slice, FileChunk chunk, ChannelConfig connection) {
            super(chunk.file(), chunk.position(slice.offset()), slice.lengthBytes());
            this.slice = slice;
            this.chunk = chunk;
            this.connection = connection;
        }

        @Override
        public long transferTo(WritableByteChannel socket, long position) throws IOException {
            try {
                return super.transferTo(socket, position);
            } catch (IOException e) {
                if (!chunk.isWhole()) {
                    LOG.errorf("a chunk's file was cut while it was sent: %s", e.getMessage());
                }
                // Netty closes the connection now, in an orderly way if it were not for this.
                connection.setOption(ChannelOption.SO_LINGER, 0);
                throw e;
            }
        }

        @Override
        protected void deallocate() {
            slice.release();
        }
    }
}
