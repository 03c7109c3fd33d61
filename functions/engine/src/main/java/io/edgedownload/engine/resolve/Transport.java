package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * Packets to a name server and back, blocking; for virtual threads. Each query has a socket of its own, whose port the
 * kernel draws at random, so that a forged answer must guess port and id (RFC 5452 §9.2).
 *
 * <p>The library's own transport ends the wait at the first packet that does not match, which lets anybody who sends one
 * end it.
 */
final class Transport {
    private static final int MAX_TCP_BYTES = 65_535;

    private Transport() {}

    /**
     * Sends the query in a datagram and waits for one that matches.
     *
     * @param maxBytes of an answer; a longer one is cut, and so is recognised
     * @param matching what the packet means; nothing to go on waiting
     * @throws SocketTimeoutException when the deadline passed first
     * @throws IOException when the server cannot be reached
     */
    static <T> T overUdp(
            DnsServer server, byte[] query, int maxBytes, Function<byte[], Optional<T>> matching, Deadline deadline)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connected, so that datagrams from elsewhere are dropped and a closed port is an error.
            socket.connect(server.address());
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket packet = new DatagramPacket(new byte[maxBytes], maxBytes);
            while (true) {
                socket.setSoTimeout(millisLeft(deadline));
                packet.setLength(maxBytes);
                socket.receive(packet);
                Optional<T> matched = matching.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (matched.isPresent()) {
                    return matched.get();
                }
            }
        }
    }

    /** The same over a connection of its own (RFC 7766). */
    static <T> T overTcp(DnsServer server, byte[] query, Function<byte[], Optional<T>> matching, Deadline deadline)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.address(), millisLeft(deadline));
            socket.setTcpNoDelay(true);
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(Short.BYTES + query.length)
                            .putShort((short) query.length)
                            .put(query)
                            .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = Short.toUnsignedInt(
                        ByteBuffer.wrap(read(socket, in, Short.BYTES, deadline)).getShort());
                Optional<T> matched = matching.apply(read(socket, in, Math.min(length, MAX_TCP_BYTES), deadline));
                if (matched.isPresent()) {
                    return matched.get();
                }
            }
        }
    }

    /** Read by read, for each has the time that is left: one long timeout could be drawn out byte by byte. */
    private static byte[] read(Socket socket, DataInputStream in, int length, Deadline deadline) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            socket.setSoTimeout(millisLeft(deadline));
            int read = in.read(bytes, filled, length - filled);
            if (read < 0) {
                throw new IOException("the server closed the connection within an answer");
            }
            filled += read;
        }
        return bytes;
    }

    private static int millisLeft(Deadline deadline) throws SocketTimeoutException {
        long millis = deadline.remainingMillis();
        if (millis == 0) {
            // As a socket's timeout, 0 would mean to wait for ever.
            throw new SocketTimeoutException("the deadline has passed");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
