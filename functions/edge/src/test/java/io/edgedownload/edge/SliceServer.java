package io.edgedownload.edge;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Answers every request with a body that a test provides, and notes which of them the kernel was asked to send. */
final class SliceServer implements AutoCloseable {
    private static final Duration BUDGET = Duration.ofMinutes(5);
    static final Pacer UNLIMITED = new Pacer(
            (delay, task) -> {
                throw new AssertionError("without a limit nobody waits");
            },
            Ticker.system());

    private final Vertx vertx = Vertx.vertx();
    private final WaitingThreads threads = new WaitingThreads();
    private final Queue<Long> sentFileBytes = new ConcurrentLinkedQueue<>();
    private final Pacer pacer;
    private final BodyWriter.Limits limits;
    private final Supplier<List<Segment>> body;
    private final long promisedMore;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final LongAdder writtenBytes = new LongAdder();
    private final HttpServer server;
    private final String scheme;

    /** @param body of one answer, its slices retained for it */
    SliceServer(HttpServerOptions options, BodyWriter.Limits limits, Supplier<List<Segment>> body) {
        this(options, limits, UNLIMITED, body);
    }

    /** As above, by turns of the pacer while that has a limit. */
    SliceServer(HttpServerOptions options, BodyWriter.Limits limits, Pacer pacer, Supplier<List<Segment>> body) {
        this(options, limits, pacer, body, 0);
    }

    /**
     * As above, with a head that is wrong.
     *
     * @param promisedMore bytes in Content-Length that are not in the body; negative when the body has more
     */
    SliceServer(
            HttpServerOptions options,
            BodyWriter.Limits limits,
            Pacer pacer,
            Supplier<List<Segment>> body,
            long promisedMore) {
        this.promisedMore = promisedMore;
        this.pacer = pacer;
        this.limits = limits;
        this.body = body;
        this.scheme = options.isSsl() ? "https" : "http";
        this.server = vertx.createHttpServer(options)
                .connectionHandler(this::watch)
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.actualPort() + "/");
    }

    /** The length of each part of a file that the kernel was asked to send, in order. */
    List<Long> sentFileBytes() {
        return List.copyOf(sentFileBytes);
    }

    /** What was handed to sockets in memory: heads, frames and parts of bodies, but not what the kernel takes from files. */
    long writtenBytes() {
        return writtenBytes.sum();
    }

    /** Ends when a client is known to have left an answer that is a single slice. */
    CompletableFuture<Void> left() {
        return left;
    }

    private void watch(HttpConnection connection) {
        // Last before the socket, where a body is no more than bytes.
        ((ConnectionBase) connection).channel().pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                if (message instanceof FileRegion region) {
                    sentFileBytes.add(region.count());
                } else if (message instanceof ByteBuf bytes) {
                    writtenBytes.add(bytes.readableBytes());
                }
                var _ = context.write(message, promise);
            }
        });
    }

    private void answer(HttpServerRequest request) {
        List<Segment> segments = body.get();
        long lengthBytes = segments.stream().mapToLong(SliceServer::lengthBytes).sum() + promisedMore;
        request.response().setStatusCode(206).putHeader("Content-Length", Long.toString(lengthBytes));
        Invocation invocation = new Invocation(
                request,
                vertx.getOrCreateContext(),
                DownloadId.fromRawPath("file").orElseThrow(),
                "",
                AnswerTrace.NONE,
                Deadline.after(BUDGET, Ticker.system()));
        request.response().closeHandler(closed -> left.complete(null));
        BodyWriter writer = new BodyWriter(invocation, lengthBytes, limits, threads, pacer);
        if (segments.size() == 1 && segments.getFirst() instanceof Segment.Held(var slice)) {
            writer.write(slice);
        } else {
            writer.write(segments);
        }
    }

    private static long lengthBytes(Segment segment) {
        return switch (segment) {
            case Segment.Literal(var bytes) -> bytes.length();
            case Segment.Held(var slice) -> slice.lengthBytes();
            case Segment.Rest _, Segment.Later _ ->
                throw new AssertionError("no test has a body whose length is not known");
        };
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
