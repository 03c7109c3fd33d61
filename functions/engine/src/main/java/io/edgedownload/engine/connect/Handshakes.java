package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Ticker;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long the TLS handshakes of new connections take. An entry is as old as its connection at most. */
final class Handshakes {
    private final Map<Ends, Handshake> known = new ConcurrentHashMap<>();
    private final Ticker ticker;

    /** The addresses and ports of a connection, which no other has at the same time. */
    private record Ends(String local, int localPort, String remote, int remotePort) {
        static Ends of(InetSocketAddress local, InetSocketAddress remote) {
            return new Ends(
                    local.getAddress().getHostAddress(),
                    local.getPort(),
                    remote.getAddress().getHostAddress(),
                    remote.getPort());
        }
    }

    private sealed interface Handshake {}

    private record Begun(long atNanos) implements Handshake {}

    private record Done(long tookNanos) implements Handshake {}

    Handshakes(Ticker ticker) {
        this.ticker = ticker;
    }

    /** TCP is connected, TLS begins. */
    void begun(Channel channel) {
        Ends ends = Ends.of((InetSocketAddress) channel.localAddress(), (InetSocketAddress) channel.remoteAddress());
        known.put(ends, new Begun(ticker.nanos()));
        channel.closeFuture().addListener(_ -> known.remove(ends));
    }

    /** TLS is established. */
    void done(Channel channel) {
        Ends ends = Ends.of((InetSocketAddress) channel.localAddress(), (InetSocketAddress) channel.remoteAddress());
        known.computeIfPresent(
                ends, (_, is) -> is instanceof Begun(long atNanos) ? new Done(ticker.nanos() - atNanos) : is);
    }

    /** How long that of a connection took; to be asked once. 0 without TLS. */
    long takenNanos(HttpConnection connection) {
        if (!connection.isSsl()) {
            return 0;
        }
        Ends ends = new Ends(
                connection.localAddress().hostAddress(),
                connection.localAddress().port(),
                connection.remoteAddress().hostAddress(),
                connection.remoteAddress().port());
        return known.remove(ends) instanceof Done(long tookNanos) ? tookNanos : 0;
    }

    /** Whether one with the address is under way. */
    boolean underWay(InetAddress address, int port) {
        String remote = address.getHostAddress();
        return known.entrySet().stream()
                .anyMatch(entry -> entry.getValue() instanceof Begun
                        && entry.getKey().remotePort() == port
                        && entry.getKey().remote().equals(remote));
    }
}
