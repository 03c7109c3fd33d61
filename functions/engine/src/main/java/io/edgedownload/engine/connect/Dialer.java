package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Connects to single addresses, by the clients of the present generation. */
final class Dialer implements AutoCloseable {
    private final Vertx vertx;
    private final Connections connections;
    private final Handshakes handshakes;
    private final AtomicReference<Era> era;

    private record Era(Limits limits, Generation generation) {}

    Dialer(Vertx vertx, Limits limits, Connections connections, Ticker ticker) {
        this.vertx = vertx;
        this.connections = connections;
        this.handshakes = new Handshakes(ticker);
        this.era = new AtomicReference<>(new Era(limits, new Generation(vertx, limits, handshakes)));
    }

    /** A connection to the address, pooled or new. */
    CompletableFuture<Dialed> dial(Wanted wanted, InetAddress address) {
        CompletableFuture<Dialed> dialed = new CompletableFuture<>();
        dial(wanted, address, dialed);
        return dialed;
    }

    private void dial(Wanted wanted, InetAddress address, CompletableFuture<Dialed> dialed) {
        Era now = entered();
        if (!connections.idle(new Peer(wanted.origin(), address))) {
            connections.makeRoom(wanted.origin(), now.limits());
        }
        var _ = now.generation().request(wanted, address).onComplete(granted -> {
            if (granted.succeeded()) {
                granted(granted.result(), wanted, address, now.generation(), dialed);
            } else {
                now.generation().leave();
                failed(granted.cause(), wanted, address, dialed);
            }
        });
    }

    private void granted(
            HttpClientRequest request,
            Wanted wanted,
            InetAddress address,
            Generation generation,
            CompletableFuture<Dialed> dialed) {
        boolean fresh = wanted.reuse() == Wanted.Reuse.FRESH;
        switch (connections.granted(request.connection(), wanted.origin(), address, generation)) {
            case FIRST -> {
                if (generation.retired()) {
                    // It came too late to be retired with the others; it closes after this exchange.
                    connections.retire(request.connection());
                }
                long tlsNanos = handshakes.takenNanos(request.connection());
                dialed.complete(new Dialed(request, address, false, fresh, tlsNanos, generation));
            }
            case AGAIN -> dialed.complete(new Dialed(request, address, true, fresh, 0, generation));
            case TOO_LATE -> {
                request.reset();
                generation.leave();
                dial(wanted.fresh(), address, dialed);
            }
        }
    }

    private void failed(Throwable cause, Wanted wanted, InetAddress address, CompletableFuture<Dialed> dialed) {
        if (cause instanceof HttpClosedException && wanted.reuse() == Wanted.Reuse.ALLOWED) {
            // A pooled connection that ended just as it was granted says nothing of the address.
            dial(wanted.fresh(), address, dialed);
        } else {
            dialed.completeExceptionally(cause);
        }
    }

    /** Whether TCP is connected to the address, and TLS is not yet established. */
    boolean handshaking(Peer peer) {
        return handshakes.underWay(peer.address(), peer.origin().port());
    }

    /** Makes a connection, with TLS where the origin has it, and closes it. */
    CompletableFuture<Void> probe(Peer peer) {
        CompletableFuture<Void> made = new CompletableFuture<>();
        Era now = entered();
        var _ = now.generation().connect(peer).onComplete(granted -> {
            now.generation().leave();
            if (granted.succeeded()) {
                var _ = granted.result().connection().close();
                made.complete(null);
            } else {
                made.completeExceptionally(granted.cause());
            }
        });
        return made;
    }

    /** Gives back a connection that nothing was sent on. */
    void surplus(Dialed dialed) {
        if (dialed.fresh()) {
            var _ = dialed.request().connection().close();
        } else {
            dialed.request().reset();
        }
        release(dialed);
    }

    /** Lets go of a connection whose exchange has ended. */
    void release(Dialed dialed) {
        connections.givenBack(dialed.request().connection());
        dialed.generation().leave();
    }

    /** Uses new connections from now on; those there are are closed when nothing is under way on them. */
    void renew(Limits limits) {
        Era before = era.getAndSet(new Era(limits, new Generation(vertx, limits, handshakes)));
        before.generation().retire();
        connections.retire(connection -> connection.generation().equals(before.generation()));
    }

    Limits limits() {
        return era.get().limits();
    }

    /** Closes all connections; exchanges under way fail. */
    @Override
    public void close() {
        era.get().generation().close();
    }

    private Era entered() {
        while (true) {
            Era now = era.get();
            if (now.generation().enter()) {
                return now;
            }
        }
    }
}
