package io.edgedownload.faults;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;

/** One address before several servers, as a cluster's service: each connection goes to the first server that takes it. */
final class FrontDoor implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final List<Integer> ports;
    private final NetServer server;

    /** @param ports on this machine, tried in that order */
    FrontDoor(List<Integer> ports) {
        this.ports = ports;
        this.server = vertx.createNetServer()
                .connectHandler(socket -> {
                    socket.pause();
                    forward(socket, 0);
                })
                .listen(0, HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    URI uri() {
        return URI.create("http://" + HOST + ":" + server.actualPort());
    }

    private void forward(NetSocket from, int at) {
        if (at == ports.size()) {
            var _ = from.close();
            return;
        }
        client.connect(ports.get(at), HOST).onComplete(connected -> {
            if (connected.failed()) {
                forward(from, at + 1);
                return;
            }
            var _ = from.pipeTo(connected.result());
            var _ = connected.result().pipeTo(from);
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
