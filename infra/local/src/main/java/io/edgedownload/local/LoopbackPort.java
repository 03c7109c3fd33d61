package io.edgedownload.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Asks the system about TCP ports on 127.0.0.1. */
final class LoopbackPort {
    static final String HOST = "127.0.0.1";

    private static final int HIGHEST = 65_535;
    private static final int LOWEST_FREE = 15_000;
    private static final int BEYOND_FREE = 30_000;
    private static final int ATTEMPTS = 100;

    private LoopbackPort() {}

    /**
     * The port itself when it can be listened on; for 0 a free one.
     *
     * @param option the command line option that chooses this port, for the message
     * @throws StartFailure when another program has it or the system refuses it
     */
    static int free(int port, String option) {
        if (port < 0 || port > HIGHEST) {
            throw new StartFailure(
                    "port " + port + " does not exist: choose 0 to " + HIGHEST + " with " + option + " N");
        }
        return port == 0 ? anyFree() : own(port, option);
    }

    /** Whoever listens there does so a while later: ports that Linux gives to connections that go out may be taken by then. */
    private static int anyFree() {
        for (int attempt = 0; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_FREE, BEYOND_FREE);
            try {
                return own(port, "--port");
            } catch (StartFailure taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    private static int own(int port, String option) {
        try (var socket = new ServerSocket()) {
            // As the servers do: a port whose last connections are still closing is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
            return socket.getLocalPort();
        } catch (BindException refused) {
            throw new StartFailure(reason(port, refused) + ": choose another with " + option + " N", refused);
        } catch (IOException failed) {
            throw new StartFailure("port " + port + " cannot be opened: " + failed.getMessage(), failed);
        }
    }

    private static String reason(int port, BindException refused) {
        var message = String.valueOf(refused.getMessage());
        return message.contains("in use")
                ? "port " + port + " is already in use by another program"
                : "port " + port + " cannot be opened (" + message + ")";
    }
}
