package io.edgedownload.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Clients that ask for much and read little of it each second, all on one thread. */
final class SlowCrowd implements AutoCloseable {
    /** Small, so that the sender notices that nobody reads. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 10;

    private static final String GOOD = "HTTP/1.1 206";

    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer;
    private final ExecutorService reading = Executors.newSingleThreadExecutor();
    private long seconds;
    private volatile boolean closed;

    private static final class Client {
        private final SocketChannel channel;
        private long readBytes;
        private boolean ended;

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * How they fared.
     *
     * @param cut whose connection was closed or reset
     * @param starved who got less than half of what they were ready to read
     */
    record Outcome(long cut, long starved) {}

    private SlowCrowd(int bytesPerSecond) {
        this.buffer = ByteBuffer.allocateDirect(bytesPerSecond);
    }

    /**
     * Connects and asks; all have the beginning of their answer when this returns.
     *
     * @param rangeBytes more than they will read
     * @param bytesPerSecond that each reads from then on
     */
    static SlowCrowd ask(URI url, int count, long rangeBytes, int bytesPerSecond) throws IOException {
        SlowCrowd crowd = new SlowCrowd(bytesPerSecond);
        try {
            byte[] request = ("GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                            + "\r\nRange: bytes=0-" + (rangeBytes - 1) + "\r\n\r\n")
                    .getBytes(US_ASCII);
            for (int number = 0; number < count; number++) {
                SocketChannel channel = SocketChannel.open();
                crowd.clients.add(new Client(channel));
                channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
                channel.connect(new InetSocketAddress(url.getHost(), url.getPort()));
                channel.write(ByteBuffer.wrap(request));
            }
            for (Client client : crowd.clients) {
                awaitAnswer(client.channel);
            }
            crowd.reading.execute(crowd::readEachSecond);
            return crowd;
        } catch (IOException e) {
            crowd.close();
            throw e;
        }
    }

    private static void awaitAnswer(SocketChannel channel) throws IOException {
        ByteBuffer status = ByteBuffer.allocate(GOOD.length());
        while (status.hasRemaining()) {
            if (channel.read(status) < 0) {
                throw new IOException("the connection of a slow client was closed before its answer");
            }
        }
        String begun = US_ASCII.decode(status.flip()).toString();
        if (!begun.equals(GOOD)) {
            throw new IOException("a slow client was answered by " + begun);
        }
        channel.configureBlocking(false);
    }

    private void readEachSecond() {
        long dueNanos = System.nanoTime();
        while (!closed) {
            clients.forEach(this::read);
            seconds++;
            dueNanos += TimeUnit.SECONDS.toNanos(1);
            Arrivals.awaitNanos(dueNanos);
        }
    }

    private void read(Client client) {
        try {
            int read = client.ended ? 0 : client.channel.read(buffer.clear());
            client.ended |= read < 0;
            client.readBytes += Math.max(0, read);
        } catch (IOException e) {
            client.ended = true;
        }
    }

    /** To be asked for when it is closed. */
    Outcome outcome() {
        long expectedBytes = seconds * buffer.capacity();
        return new Outcome(
                clients.stream().filter(client -> client.ended).count(),
                clients.stream()
                        .filter(client -> client.readBytes < expectedBytes / 2)
                        .count());
    }

    @Override
    public void close() throws IOException {
        closed = true;
        reading.close();
        for (Client client : clients) {
            // RST: what nobody reads must not stay in the kernel's buffers.
            client.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.channel.close();
        }
    }
}
