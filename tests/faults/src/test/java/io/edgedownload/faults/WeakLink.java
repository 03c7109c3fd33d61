package io.edgedownload.faults;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** A relay between a client and the functions that does to each request's answer what a script says. */
final class WeakLink implements AutoCloseable {
    /** What becomes of an answer; positions count from the first byte of its head. */
    sealed interface Fate {
        record Whole() implements Fate {}

        /** The connection is reset when so many bytes have passed. */
        record CutAfter(int bytes) implements Fate {}

        /** The byte at this position arrives as another one. */
        record FlipAt(int position) implements Fate {}
    }

    private static final Pattern REQUEST = Pattern.compile("(GET|PUT) /");

    private final ServerSocket listener;
    private final URI target;
    private final IntFunction<Fate> script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private WeakLink(ServerSocket listener, URI target, IntFunction<Fate> script) {
        this.listener = listener;
        this.target = target;
        this.script = script;
    }

    /** @param script asked before a request is passed on, with its number from 1; it may take its time */
    static WeakLink start(URI target, IntFunction<Fate> script) throws IOException {
        var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var link = new WeakLink(listener, target, script);
        Thread.ofVirtual().start(link::accept);
        return link;
    }

    /** The address of what lies at the target, through this link. */
    URI uri(URI atTarget) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + atTarget.getRawPath()
                + (atTarget.getRawQuery() == null ? "" : "?" + atTarget.getRawQuery()));
    }

    /** The request lines so far. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> relay(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void relay(Socket client) {
        sockets.add(client);
        try (client;
                var server = new Socket()) {
            sockets.add(server);
            server.connect(new InetSocketAddress(target.getHost(), target.getPort()));
            var answer = new AnswerPump(client, server);
            Thread.ofVirtual().start(answer::run);
            forwardRequests(client.getInputStream(), server, answer);
        } catch (IOException over) {
            // One side is gone; both are closed here.
        }
    }

    /** A request of these clients begins with a write of its own; what is in a body is no matter here. */
    private void forwardRequests(InputStream from, Socket server, AnswerPump answer) throws IOException {
        byte[] buffer = new byte[16_384];
        for (int n = from.read(buffer); n > 0; n = from.read(buffer)) {
            String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
            if (REQUEST.matcher(text).lookingAt()) {
                requests.add(text.lines().findFirst().orElseThrow());
                answer.begin(script.apply(requests.size()));
            }
            server.getOutputStream().write(buffer, 0, n);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Passes on what the functions answer, one request of a connection after the other. */
    private static final class AnswerPump {
        private final Socket client;
        private final Socket server;
        private volatile Fate fate = new Fate.Whole();
        private volatile int passedBytes;

        AnswerPump(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void begin(Fate next) {
            fate = next;
            passedBytes = 0;
        }

        void run() {
            byte[] buffer = new byte[16_384];
            try (client;
                    server) {
                InputStream from = server.getInputStream();
                for (int n = from.read(buffer); n > 0; n = from.read(buffer)) {
                    if (!pass(Arrays.copyOf(buffer, n))) {
                        return;
                    }
                }
            } catch (IOException over) {
                // One side is gone; both are closed here.
            }
        }

        /** Whether the connection is still there afterwards. */
        private boolean pass(byte[] bytes) throws IOException {
            int before = passedBytes;
            passedBytes = before + bytes.length;
            switch (fate) {
                case Fate.Whole _ -> client.getOutputStream().write(bytes);
                case Fate.CutAfter(int limit)
                when passedBytes > limit -> {
                    client.getOutputStream().write(bytes, 0, limit - before);
                    client.setSoLinger(true, 0);
                    return false;
                }
                case Fate.CutAfter _ -> client.getOutputStream().write(bytes);
                case Fate.FlipAt(int position) -> {
                    if (position >= before && position < passedBytes) {
                        bytes[position - before] ^= 1;
                    }
                    client.getOutputStream().write(bytes);
                }
            }
            return true;
        }
    }
}
