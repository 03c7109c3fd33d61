package io.edgedownload.engine.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An address that answers no SYN: a listener that accepts nothing and whose backlog is full. */
final class BlackHole implements AutoCloseable {
    /** More than Linux keeps for a backlog of one. */
    private static final int FILLERS = 4;

    private final ServerSocket listener;
    private final List<SocketChannel> fillers = new ArrayList<>();

    private BlackHole(ServerSocket listener) throws IOException {
        this.listener = listener;
        for (int filler = 0; filler < FILLERS; filler++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(listener.getLocalSocketAddress());
            fillers.add(channel);
        }
    }

    static BlackHole at(String address, int port) throws IOException {
        return new BlackHole(new ServerSocket(port, 1, InetAddress.ofLiteral(address)));
    }

    InetAddress address() {
        return ((InetSocketAddress) listener.getLocalSocketAddress()).getAddress();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
