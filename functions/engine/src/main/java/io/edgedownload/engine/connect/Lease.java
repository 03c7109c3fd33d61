package io.edgedownload.engine.connect;

import io.vertx.core.http.HttpClientRequest;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;

/**
 * The right to one exchange on a connection. Whoever holds it ends it, in every case. The connection goes back to the pool
 * when the answer was read to its end, and is closed when the request is reset.
 */
public final class Lease {
    private final HttpClientRequest request;
    private final InetAddress address;
    private final boolean reused;

    /** Ends once, by its holder (true) or because it was taken back (false). */
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    Lease(Dialed dialed) {
        request = dialed.request();
        address = dialed.address();
        reused = dialed.reused();
    }

    public HttpClientRequest request() {
        return request;
    }

    /** The address that the connection leads to. */
    public InetAddress address() {
        return address;
    }

    /** Whether the connection carried an exchange before, so that its other end may have left it meanwhile. */
    public boolean reused() {
        return reused;
    }

    /** Gives the lease back; from the second time on without effect. */
    public void end() {
        ended.complete(true);
    }

    /**
     * Takes the lease away and closes its connection.
     *
     * @return false when it had ended
     */
    boolean reclaim() {
        if (!ended.complete(false)) {
            return false;
        }
        var _ = request.connection().close();
        return true;
    }

    void whenEnded(Runnable task) {
        var _ = ended.thenRun(task);
    }
}
