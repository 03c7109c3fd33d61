package io.edgedownload.contract;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An origin of the suite's own on loopback: objects in memory, validators as the rows choose them, a count of GETs. It
 * serves any number of objects under any path and knows single ranges, {@code If-Match} and {@code If-Range}.
 */
final class SuiteOrigin implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

    /** How an object answers HEAD. */
    enum Head {
        RIGHT,
        /** 405, as from an origin that allows only GET. */
        REFUSED,
        /** A Content-Length one byte too long. */
        LYING
    }

    /** What lies under a path. */
    sealed interface Entry {
        /** An object with its strong entity-tag, quotes included. */
        @SuppressWarnings("ArrayRecordComponent") // A fixture: nobody compares or changes it.
        record Stored(byte[] bytes, String etag, Head head) implements Entry {}

        record Redirect(String location) implements Entry {}
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicInteger gets = new AtomicInteger();
    private final HttpServer server;

    SuiteOrigin() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Puts an object, or another one in its place, and returns its URL. */
    String put(String path, byte[] bytes, String etag) {
        return put(path, new Entry.Stored(bytes, etag, Head.RIGHT));
    }

    String put(String path, Entry entry) {
        entries.put(path, entry);
        return url(path);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** GETs answered so far, whatever the answer. */
    int gets() {
        return gets.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head) {
                gets.incrementAndGet();
            }
            Entry entry = entries.get(exchange.getRequestURI().getPath());
            switch (entry) {
                case null -> exchange.sendResponseHeaders(404, -1);
                case Entry.Redirect(String location) -> {
                    exchange.getResponseHeaders().set("Location", location);
                    exchange.sendResponseHeaders(302, -1);
                }
                case Entry.Stored stored when head -> answerHead(exchange, stored);
                case Entry.Stored stored -> answerGet(exchange, stored);
            }
        }
    }

    private static void answerHead(HttpExchange exchange, Entry.Stored stored) throws IOException {
        if (stored.head() == Head.REFUSED) {
            exchange.sendResponseHeaders(405, -1);
            return;
        }
        describe(exchange, stored);
        int said = stored.bytes().length + (stored.head() == Head.LYING ? 1 : 0);
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(said));
        exchange.sendResponseHeaders(200, -1);
    }

    private static void answerGet(HttpExchange exchange, Entry.Stored stored) throws IOException {
        Optional<String> match =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-Match"));
        if (match.isPresent() && !match.get().equals("*") && !match.get().contains(stored.etag())) {
            exchange.sendResponseHeaders(412, -1);
            return;
        }
        describe(exchange, stored);
        Optional<String> ifRange =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-Range"));
        Matcher range =
                RANGE.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                        .orElse(""));
        if (range.matches() && ifRange.filter(tag -> !tag.equals(stored.etag())).isEmpty()) {
            answerRange(exchange, stored.bytes(), range);
        } else {
            send(exchange, 200, stored.bytes());
        }
    }

    private static void answerRange(HttpExchange exchange, byte[] bytes, Matcher range) throws IOException {
        long first = Long.parseLong(range.group(1));
        long asked = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (first >= bytes.length) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + bytes.length);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        long last = Math.min(asked, bytes.length - 1L);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + first + "-" + last + "/" + bytes.length);
        send(exchange, 206, Arrays.copyOfRange(bytes, Math.toIntExact(first), Math.toIntExact(last + 1)));
    }

    private static void describe(HttpExchange exchange, Entry.Stored stored) {
        exchange.getResponseHeaders().set("ETag", stored.etag());
        exchange.getResponseHeaders().set("Last-Modified", "Tue, 02 Jan 2024 03:04:05 GMT");
        exchange.getResponseHeaders().set("Content-Type", "application/x-contract");
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    }

    private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
