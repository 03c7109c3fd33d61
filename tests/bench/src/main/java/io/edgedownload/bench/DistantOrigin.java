package io.edgedownload.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgedownload.engine.request.ByteRange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * An origin on loopback that is as far away and as slow as it is told: each request waits for a round trip, the first one of a
 * connection for two, and a body comes at one rate. It has one object, under every path.
 */
final class DistantOrigin implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final int PIECE_BYTES = 16 << 10;

    /** Odd, so that no two chunks of the object are alike. */
    private static final byte[] PATTERN = new byte[(1 << 20) - 1];

    private final Far far;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<InetSocketAddress> known = ConcurrentHashMap.newKeySet();
    private final LongAdder bodyBytes = new LongAdder();

    /** @param bytesPerSecond on each connection */
    record Far(long objectBytes, Duration roundTrip, int bytesPerSecond) {}

    static {
        new Random(3).nextBytes(PATTERN);
        // The server would wait for an acknowledgement between head and body.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private DistantOrigin(Far far) throws IOException {
        this.far = far;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(Peer.HOST), 0), 0);
    }

    static DistantOrigin start(Far far) throws IOException {
        DistantOrigin origin = new DistantOrigin(far);
        origin.server.setExecutor(origin.threads);
        origin.server.createContext("/", origin::answer);
        origin.server.start();
        return origin;
    }

    URI uri() {
        return URI.create("http://" + Peer.HOST + ":" + server.getAddress().getPort());
    }

    /** Of all answers since the start. */
    long bodyBytes() {
        return bodyBytes.sum();
    }

    /** CRC-32C of the whole object. */
    long checksum() {
        CRC32C crc = new CRC32C();
        for (long left = far.objectBytes(); left > 0; left -= PATTERN.length) {
            crc.update(PATTERN, 0, (int) Math.min(left, PATTERN.length));
        }
        return crc.getValue();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Arrivals.awaitNanos(
                    System.nanoTime() + far.roundTrip().toNanos() * (known.add(exchange.getRemoteAddress()) ? 2 : 1));
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(far.objectBytes()));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            String field = exchange.getRequestHeaders().getFirst("Range");
            Matcher range = RANGE.matcher(field == null ? "" : field);
            if (range.matches()) {
                part(exchange, Long.parseLong(range.group(1)), range.group(2));
            } else {
                exchange.sendResponseHeaders(200, far.objectBytes());
                send(exchange.getResponseBody(), new ByteRange(0, far.objectBytes() - 1));
            }
        }
    }

    private void part(HttpExchange exchange, long first, String lastText) throws IOException {
        long end = far.objectBytes() - 1;
        long last = lastText.isEmpty() ? end : Math.min(end, Long.parseLong(lastText));
        if (first > last) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + far.objectBytes());
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        ByteRange range = new ByteRange(first, last);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + first + "-" + last + "/" + far.objectBytes());
        exchange.sendResponseHeaders(206, range.length());
        send(exchange.getResponseBody(), range);
    }

    private void send(OutputStream body, ByteRange range) throws IOException {
        long startNanos = System.nanoTime();
        long sent = 0;
        while (sent < range.length()) {
            int at = (int) ((range.first() + sent) % PATTERN.length);
            int piece = (int) Math.min(Math.min(PIECE_BYTES, PATTERN.length - at), range.length() - sent);
            // What takes a second to send arrives a second after it began.
            Arrivals.awaitNanos(startNanos + TimeUnit.SECONDS.toNanos(sent + piece) / far.bytesPerSecond());
            body.write(PATTERN, at, piece);
            body.flush();
            bodyBytes.add(piece);
            sent += piece;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
