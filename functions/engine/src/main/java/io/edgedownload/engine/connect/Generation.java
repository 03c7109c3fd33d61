package io.edgedownload.engine.connect;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The clients of one set of limits. A generation is replaced as a whole: it takes no new users then, and its clients are
 * closed when the last one has left.
 */
final class Generation {
    private static final int MAX_HEAD_BYTES = 16 << 10;

    private final HttpClient pooled;
    private final HttpClient fresh;
    private final AtomicReference<Use> use = new AtomicReference<>(new Use(0, false));

    private record Use(int users, boolean retired) {}

    Generation(Vertx vertx, Limits limits, Handshakes handshakes) {
        pooled = client(vertx, limits, handshakes, true);
        fresh = client(vertx, limits, handshakes, false);
    }

    private static HttpClient client(Vertx vertx, Limits limits, Handshakes handshakes, boolean keepAlive) {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        // Attempts are traced as a whole, with what only their caller knows.
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setKeepAlive(keepAlive)
                        .setKeepAliveTimeout(
                                (int) Math.max(1, limits.timeouts().idle().toSeconds()))
                        .setConnectTimeout((int) limits.timeouts().connect().toMillis())
                        // Each request says for itself; without it here the engine would not be asked.
                        .setSsl(true)
                        .setSslEngineOptions(new TimedTls(handshakes))
                        .setSslHandshakeTimeout(limits.timeouts().handshake().toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxInitialLineLength(MAX_HEAD_BYTES)
                        .setMaxHeaderSize(MAX_HEAD_BYTES)
                        .setDecompressionSupported(false),
                // The queue is ours: who is here has a place. It may wait only until the connection that it is to have
                // is
                // back in the pool, a moment after it was given back.
                new PoolOptions().setHttp1MaxSize(limits.perOrigin()));
    }

    /**
     * Comes in.
     *
     * @return false when the generation was replaced
     */
    boolean enter() {
        while (true) {
            Use before = use.get();
            if (before.retired()) {
                return false;
            }
            if (use.compareAndSet(before, new Use(before.users() + 1, false))) {
                return true;
            }
        }
    }

    /** Leaves; once for each time of coming in. */
    void leave() {
        Use after = use.updateAndGet(before -> new Use(before.users() - 1, before.retired()));
        closeWhenUnused(after);
    }

    void retire() {
        Use before = use.getAndUpdate(now -> new Use(now.users(), true));
        if (!before.retired()) {
            closeWhenUnused(new Use(before.users(), true));
        }
    }

    boolean retired() {
        return use.get().retired();
    }

    /** A request on a connection to the address; without a limit of time, so that no connection comes without its asker. */
    Future<HttpClientRequest> request(Wanted wanted, InetAddress address) {
        HttpClient client = wanted.reuse() == Wanted.Reuse.FRESH ? fresh : pooled;
        return quiet(client.request(
                to(wanted.origin(), address).setMethod(wanted.method()).setURI(wanted.requestUri())));
    }

    /** A new connection, for a request that nobody needs to send. */
    Future<HttpClientRequest> connect(Peer peer) {
        return quiet(fresh.request(to(peer.origin(), peer.address())));
    }

    /** Whoever sends a request hears of its end by the response; without a handler Vert.x would log it as an error besides. */
    private static Future<HttpClientRequest> quiet(Future<HttpClientRequest> granted) {
        return granted.onSuccess(request -> request.exceptionHandler(_ -> {}));
    }

    private static RequestOptions to(Origin origin, InetAddress address) {
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, origin.port())))
                .setHost(origin.host())
                .setPort(origin.port())
                .setSsl(origin.secure())
                .setFollowRedirects(false);
    }

    /** Closes all connections; exchanges under way fail. */
    void close() {
        var _ = pooled.close();
        var _ = fresh.close();
    }

    private void closeWhenUnused(Use now) {
        if (now.retired() && now.users() == 0) {
            close();
        }
    }
}
