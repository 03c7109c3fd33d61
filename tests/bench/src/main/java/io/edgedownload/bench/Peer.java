package io.edgedownload.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another server on loopback that the functions are measured beside. */
final class Peer implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final int STOP_SECONDS = 5;

    private final String name;
    private final int port;
    private final Process process;

    private Peer(String name, int port, Process process) {
        this.name = name;
        this.port = port;
        this.process = process;
    }

    /**
     * Returns when it takes connections.
     *
     * @param port that the command has it listen on
     * @param folder for its log, and its working directory
     */
    static Peer start(String name, int port, Path folder, List<String> command)
            throws IOException, InterruptedException {
        Path log = folder.resolve(name.replace(' ', '-') + ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Peer peer = new Peer(name, port, process);
        Runtime.getRuntime().addShutdownHook(new Thread(peer::close, "stop-" + name));
        while (!peer.isReady()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException(name + " ended: " + Files.readString(log));
            }
        }
        return peer;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() {
        try (Socket socket = new Socket(InetAddress.ofLiteral(HOST), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    URI uri() {
        return URI.create("http://" + HOST + ":" + port);
    }

    Server server(String file) {
        return new Server(name, uri().resolve("/" + file), process.toHandle());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
