package io.edgedownload.fleet;

import io.edgedownload.fleet.v1.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a stream to a coordinator open. Without one nothing is lost but reports: events wait, a bounded number of them, and
 * heartbeats are not made.
 */
public final class FleetClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Of a directive. */
    private static final long MOST_BYTES = 64 << 10;

    private final Context context;
    private final Settings settings;
    private final FleetPeer peer;
    private final UnaryOperator<Duration> pauses;
    private final Executor executor;
    private final GrpcClient grpc;
    private final EventQueue events;
    private final AtomicBoolean sending = new AtomicBoolean();

    /** Only on the context. */
    private @Nullable FleetStream stream;

    private long sessions;
    private Duration pause = Duration.ZERO;
    private volatile boolean joined;
    private volatile boolean closed;

    /**
     * @param uri {@code http} or {@code https}, host and port
     * @param token sent as a bearer token, unless null
     * @param tls what {@code https} trusts and shows
     * @param interval between two heartbeats
     * @param mostEvents that wait for a coordinator, at least 1
     */
    public record Settings(URI uri, @Nullable String token, Tls tls, Duration interval, int mostEvents) {}

    /**
     * Files in PEM.
     *
     * @param trust certificates that coordinators' ones are signed by; null for those that the JDK trusts
     * @param certificate ours, with {@code key}; null to show none
     */
    public record Tls(
            @Nullable Path trust,
            @Nullable Path certificate,
            @Nullable Path key) {}

    /**
     * @param pauses the wait before the next attempt, given the one before it; the first is given zero
     * @param executor for what may block
     */
    public FleetClient(
            Vertx vertx, Settings settings, FleetPeer peer, UnaryOperator<Duration> pauses, Executor executor) {
        this.context = vertx.getOrCreateContext();
        this.settings = settings;
        this.peer = peer;
        this.pauses = pauses;
        this.executor = executor;
        this.events = new EventQueue(settings.mostEvents());
        this.grpc = GrpcClient.client(
                vertx, new GrpcClientOptions().setMaxMessageSize(MOST_BYTES).setTransportOptions(transport(settings)));
    }

    private static HttpClientOptions transport(Settings settings) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        if (!settings.uri().getScheme().equals("https")) {
            return options;
        }
        Tls tls = settings.tls();
        options.setSsl(true).setUseAlpn(true);
        if (tls.trust() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(tls.trust().toString()));
        }
        if (tls.certificate() != null && tls.key() != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(tls.certificate().toString())
                    .addKeyPath(tls.key().toString()));
        }
        return options;
    }

    public void start() {
        context.runOnContext(_ -> connect());
    }

    /** Takes note of an event, to be told as soon as there is a coordinator. Its number is filled in. Never blocks. */
    public void happened(Event.Builder event) {
        events.add(event);
        if (sending.compareAndSet(false, true)) {
            context.runOnContext(_ -> {
                sending.set(false);
                if (stream != null) {
                    stream.send();
                }
            });
        }
    }

    /** Something is different now that a heartbeat tells: it is sent at once. Never blocks. */
    public void changed() {
        context.runOnContext(_ -> {
            if (stream != null) {
                stream.beat();
            }
        });
    }

    /** Whether there is a coordinator. */
    public boolean joined() {
        return joined;
    }

    /** Events that are not stored yet. */
    public int waiting() {
        return events.size();
    }

    /** Events that were dropped since the start, because too many waited. */
    public long dropped() {
        return events.dropped();
    }

    private void connect() {
        if (closed) {
            return;
        }
        URI uri = settings.uri();
        FleetStream next =
                new FleetStream(new FleetStream.Line(context, executor), settings, peer, events, this::ended);
        stream = next;
        grpc.request(SocketAddress.inetSocketAddress(uri.getPort(), uri.getHost()), FleetStream.METHOD)
                .onComplete(asked -> {
                    if (asked.succeeded()) {
                        next.open(asked.result(), ++sessions, this::welcomed);
                    } else {
                        next.end(String.valueOf(asked.cause().getMessage()));
                    }
                });
    }

    private void welcomed(String coordinator) {
        joined = true;
        pause = Duration.ZERO;
        peer.joined(coordinator);
    }

    private void ended(String reason) {
        stream = null;
        joined = false;
        if (closed) {
            return;
        }
        peer.away(reason);
        pause = pauses.apply(pause);
        context.owner().setTimer(Math.max(1, pause.toMillis()), _ -> connect());
    }

    /** Ends the stream, and opens none any more. */
    @Override
    public void close() {
        closed = true;
        context.runOnContext(_ -> {
            if (stream != null) {
                stream.end("closed");
            }
            var _ = grpc.close();
        });
    }
}
