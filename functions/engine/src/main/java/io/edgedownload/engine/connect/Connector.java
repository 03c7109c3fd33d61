package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Deadline;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Warm connections to origins. A connection goes to a resolved address, with the name kept for Host and SNI, so that what was
 * checked is what is connected to; it is pooled by origin and address.
 */
public final class Connector implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 16 << 10;

    private final HttpClient client;
    private final SourcePolicy policy;
    private final Limits limits;

    /** Connections that carried an exchange; weak, for whatever closes them does not tell. */
    private final Set<HttpConnection> used =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * @param perAddress connections to one address of an origin
     * @param waiting requests that may wait for one of them
     * @param idleTimeout how long a connection is kept without a request
     * @param connectTimeout for connecting to one address, with the TLS handshake, or waiting for a pooled connection to it
     */
    public record Limits(int perAddress, int waiting, Duration idleTimeout, Duration connectTimeout) {}

    public Connector(Vertx vertx, SourcePolicy policy, Limits limits) {
        this.policy = policy;
        this.limits = limits;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        // Attempts are traced as a whole, with what only their caller knows.
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setKeepAliveTimeout(
                                (int) Math.max(1, limits.idleTimeout().toSeconds()))
                        .setConnectTimeout((int) limits.connectTimeout().toMillis())
                        .setMaxInitialLineLength(MAX_HEAD_BYTES)
                        .setMaxHeaderSize(MAX_HEAD_BYTES)
                        .setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(limits.perAddress()).setMaxWaitQueueSize(limits.waiting()));
    }

    /**
     * A connection to the first of the addresses that can be reached. Blocks until there is one or the deadline has passed.
     *
     * @param requestUri path and query to ask for
     */
    public Leasing lease(
            Origin origin,
            List<InetAddress> addresses,
            Trust trust,
            HttpMethod method,
            String requestUri,
            Deadline deadline)
            throws InterruptedException {
        Leasing leasing = new Leasing.Unreachable("no address");
        for (InetAddress address : addresses) {
            leasing = trust == Trust.SOURCE && !policy.allows(origin.host(), address)
                    ? new Leasing.Forbidden(address)
                    : connect(origin, address, method, requestUri, deadline);
            if (leasing instanceof Leasing.Leased || deadline.passed()) {
                return leasing;
            }
        }
        return leasing;
    }

    private Leasing connect(Origin origin, InetAddress address, HttpMethod method, String requestUri, Deadline deadline)
            throws InterruptedException {
        Future<HttpClientRequest> leased = client.request(new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, origin.port())))
                .setHost(origin.host())
                .setPort(origin.port())
                .setSsl(origin.secure())
                .setMethod(method)
                .setURI(requestUri)
                .setFollowRedirects(false)
                .setConnectTimeout(
                        Math.max(1, deadline.within(limits.connectTimeout()).remainingMillis())));
        try {
            HttpClientRequest request = deadline.await(leased.toCompletionStage());
            return new Leasing.Leased(new Lease(request, address, !used.add(request.connection())));
        } catch (TimeoutException e) {
            giveBack(leased);
            return new Leasing.TimedOut();
        } catch (InterruptedException e) {
            giveBack(leased);
            throw e;
        } catch (ExecutionException e) {
            return refused(e.getCause());
        }
    }

    /** Granted after its caller left and not given back, a connection would stay out of the pool for ever. */
    private static void giveBack(Future<HttpClientRequest> leased) {
        leased.onSuccess(HttpClientRequest::reset);
    }

    private static Leasing refused(@Nullable Throwable cause) {
        return switch (cause) {
            case ConnectionPoolTooBusyException busy -> new Leasing.Exhausted();
            case SSLException tls -> new Leasing.TlsFailed(String.valueOf(tls.getMessage()));
            case ConnectTimeoutException timeout -> new Leasing.TimedOut();
            case TimeoutException timeout -> new Leasing.TimedOut();
            case null -> new Leasing.Unreachable("no connection");
            default -> new Leasing.Unreachable(String.valueOf(cause.getMessage()));
        };
    }

    /** Closes all connections; exchanges under way fail. */
    @Override
    public void close() {
        client.close();
    }
}
