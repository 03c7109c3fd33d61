package io.edgedownload.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** HTTP/2 frames on a socket whose windows let everything through, and which is read only when a test says so. */
final class Http2Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    // RFC 9113 §6
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;

    private static final int ACK = 1;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;
    private static final int WHOLE_WINDOW = Integer.MAX_VALUE;
    private static final int FIRST_WINDOW = 65_535;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    static Http2Wire connect(URI server) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
        var wire = new Http2Wire(socket);
        wire.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        wire.frame(SETTINGS, 0, 0, 6);
        wire.out.writeShort(INITIAL_WINDOW_SIZE);
        wire.out.writeInt(WHOLE_WINDOW);
        wire.frame(WINDOW_UPDATE, 0, 0, 4);
        wire.out.writeInt(WHOLE_WINDOW - FIRST_WINDOW);
        return wire;
    }

    private void frame(int type, int flags, int stream, int lengthBytes) throws IOException {
        out.writeByte(lengthBytes >> 16);
        out.writeShort(lengthBytes);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
    }

    /** Asks for {@code /} on a new stream. */
    void get(int stream) throws IOException {
        byte[] authority = "localhost".getBytes(US_ASCII);
        // Three fields from the static table, and one whose value is told (RFC 7541 §6).
        frame(HEADERS, END_STREAM_AND_HEADERS, stream, 5 + authority.length);
        out.write(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, (byte) authority.length});
        out.write(authority);
        out.flush();
    }

    /** Reads until the first bytes of a body. */
    void awaitData() throws IOException {
        while (data.size() == 0) {
            read();
        }
    }

    /** Leaves the stream. */
    void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, 4);
        out.writeInt(CANCEL);
        out.flush();
    }

    /** All bytes of bodies that the server has sent until it sees that this was asked. */
    byte[] data() throws IOException {
        frame(PING, 0, 0, 8);
        out.writeLong(1);
        out.flush();
        while (!read()) {
            // Reads on.
        }
        return data.toByteArray();
    }

    /** Reads one frame; whether it answers a ping. */
    private boolean read() throws IOException {
        int lengthBytes = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        byte[] payload = in.readNBytes(lengthBytes);
        if (type == DATA) {
            data.writeBytes(payload);
        }
        return type == PING && (flags & ACK) != 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
