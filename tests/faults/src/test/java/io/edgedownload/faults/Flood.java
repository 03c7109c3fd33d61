package io.edgedownload.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * The program at each end of a {@link Wire}: {@code sink PORT} reads what comes; {@code send HOST PORT} reads lines with two numbers, how
 * many connections there are to be and how many of them send as much as they take, and answers each line when it is so.
 */
final class Flood {
    private static final int BUFFER_BYTES = 64 << 10;

    private Flood() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("sink")) {
            sink(Integer.parseInt(arguments[1]));
        } else {
            send(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])));
        }
    }

    private static void sink(int port) throws IOException {
        try (var listener = new ServerSocket(port, 200)) {
            answer("listening");
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> discard(socket));
            }
        }
    }

    private static void discard(Socket socket) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (socket;
                InputStream from = socket.getInputStream()) {
            while (from.read(buffer) >= 0) {
                // It only has to be taken.
            }
        } catch (IOException gone) {
            // The sender is.
        }
    }

    private static void send(InetSocketAddress sink) throws IOException {
        Deque<Line> open = new ArrayDeque<>();
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        answer("ready");
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] numbers = order.split(" ", 2);
            adjust(open, Integer.parseInt(numbers[0]), sink);
            int sending = Integer.parseInt(numbers[1]);
            for (Line each : open) {
                each.send(sending-- > 0);
            }
            answer(order);
        }
    }

    private static void adjust(Deque<Line> open, int wanted, InetSocketAddress sink) throws IOException {
        while (open.size() > wanted) {
            open.removeLast().close();
        }
        while (open.size() < wanted) {
            var socket = new Socket();
            socket.connect(sink);
            open.addLast(new Line(socket));
        }
    }

    /** One connection, with a thread of its own. */
    private static final class Line {
        private final Socket socket;
        private final Semaphore allowed = new Semaphore(0);
        private volatile boolean sending;

        Line(Socket socket) {
            this.socket = socket;
            Thread.ofVirtual().start(this::run);
        }

        void send(boolean wanted) {
            sending = wanted;
            if (wanted) {
                allowed.release();
            }
        }

        private void run() {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                while (true) {
                    allowed.acquireUninterruptibly();
                    while (sending) {
                        socket.getOutputStream().write(buffer);
                    }
                }
            } catch (IOException closed) {
                // There are too many.
            }
        }

        void close() throws IOException {
            socket.close();
            send(true);
        }
    }

    private static void answer(String word) {
        System.out.println(word);
    }
}
