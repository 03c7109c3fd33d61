package io.edgedownload.engine.connect;

import io.vertx.core.http.HttpClientRequest;
import java.net.InetAddress;

/**
 * The right to one exchange on a connection. It ends with the exchange: the connection goes back to the pool when the answer
 * was read to its end, and is closed when the request is reset.
 *
 * @param address that the connection leads to
 * @param reused whether the connection carried an exchange before, so that its other end may have left it meanwhile
 */
public record Lease(HttpClientRequest request, InetAddress address, boolean reused) {}
