package io.edgedownload.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bare socket for what a well-behaved client would not send: malformed heads, dot segments, HTTP/1.0, pipelines.
 *
 * <p>Reads answers as RFC 9112 §6.3 frames them: none for HEAD, 1xx, 204 and 304, else chunked, by Content-Length or up
 * to the close.
 */
final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private static final int DEFAULT_WINDOW_BYTES = 1 << 16;

    private final Socket socket;
    private final InputStream in;

    RawConnection(URI base) throws IOException {
        this(base, PATIENCE_MILLIS);
    }

    /**
     * @param patienceMillis how long a read waits before it fails with {@link java.net.SocketTimeoutException}
     */
    RawConnection(URI base, int patienceMillis) throws IOException {
        this(base, patienceMillis, DEFAULT_WINDOW_BYTES);
    }

    /**
     * @param windowBytes roughly what the edge may send ahead of the reader; the system may round it up
     */
    RawConnection(URI base, int patienceMillis, int windowBytes) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(windowBytes);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(patienceMillis);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** A well-formed HTTP/1.1 request without a body, with these header lines. */
    static String request(String method, String target, String... lines) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: edge\r\n");
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that nothing more will be sent; the edge may still answer. */
    RawConnection endOfInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /**
     * Reads the next answer.
     *
     * @param method the method that was asked with: a HEAD's answer has no body whatever its head says
     * @throws EOFException when the edge closed instead of answering
     */
    Reply answer(String method) throws IOException {
        String statusLine = line();
        if (!statusLine.matches("[A-Z]+/[0-9]\\.[0-9] [1-5][0-9]{2}( .*)?")) {
            throw new IOException("no status line: " + statusLine);
        }
        int afterVersion = statusLine.indexOf(' ') + 1;
        int status = Integer.parseInt(statusLine.substring(afterVersion, afterVersion + 3));
        Map<String, List<String>> headers = headers();
        boolean bodiless = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
        return new Reply("raw " + method, status, headers, bodiless ? new byte[0] : body(headers));
    }

    /** Whether the edge has closed its side; waits for it within the patience of this connection. */
    boolean closedByPeer() throws IOException {
        return in.read() < 0;
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("no header line: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException {
        List<String> coding = headers.getOrDefault("Transfer-Encoding", List.of());
        if (!coding.isEmpty() && coding.getLast().toLowerCase(Locale.ROOT).endsWith("chunked")) {
            return chunked();
        }
        List<String> length = headers.getOrDefault("Content-Length", List.of());
        return length.isEmpty() ? in.readAllBytes() : exactly(Integer.parseInt(length.getFirst()));
    }

    private byte[] chunked() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().replaceFirst(";.*", "").strip(), 16);
            body.writeBytes(exactly(size));
            if (size == 0) {
                headers(); // Trailers, up to the empty line.
                return body.toByteArray();
            }
            line();
        }
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("body ended after " + bytes.length + " of " + size + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed after: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
