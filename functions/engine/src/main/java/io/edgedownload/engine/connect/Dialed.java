package io.edgedownload.engine.connect;

import io.vertx.core.http.HttpClientRequest;
import java.net.InetAddress;

/**
 * A connection that was granted, with the request that it was granted for.
 *
 * @param reused whether it was granted before
 * @param fresh whether nobody may use it again
 * @param tlsNanos the TLS handshake took; 0 without one
 */
record Dialed(
        HttpClientRequest request,
        InetAddress address,
        boolean reused,
        boolean fresh,
        long tlsNanos,
        Generation generation) {}
