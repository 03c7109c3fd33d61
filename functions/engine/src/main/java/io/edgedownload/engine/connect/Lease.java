package io.edgedownload.engine.connect;

import io.vertx.core.http.HttpClientRequest;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The right to one exchange on a connection. Whoever holds it ends it, in every case. The connection goes back to the pool
 * when the answer was read to its end, and is closed when the request is reset.
 */
public final class Lease {
    private final HttpClientRequest request;
    private final InetAddress address;
    private final boolean reused;
    private final long tlsNanos;
    private final Consumer<Fault> faults;

    /** How an exchange failed that the other end did not carry through. */
    public enum Fault {
        /** The connection ended before an answer began. */
        BROKEN_BEFORE_ANSWER,
        /** The connection ended before the answer was whole. */
        BROKEN_IN_ANSWER,
        /** No answer began, although it had the time that any must do with. */
        SILENT
    }

    /** Ends once, by its holder (true) or because it was taken back (false). */
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    /** @param faults takes what its holder reports */
    Lease(Dialed dialed, Consumer<Fault> faults) {
        this.faults = faults;
        request = dialed.request();
        address = dialed.address();
        reused = dialed.reused();
        tlsNanos = dialed.tlsNanos();
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

    /** How long the TLS handshake took that was made for it; 0 when there was none. */
    public long tlsNanos() {
        return tlsNanos;
    }

    /** Reports that the other end failed; to be called before the lease is given back. */
    public void failed(Fault fault) {
        // When it was taken back, it was this end that closed it.
        if (!ended.isDone()) {
            faults.accept(fault);
        }
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
