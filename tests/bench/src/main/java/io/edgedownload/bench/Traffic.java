package io.edgedownload.bench;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What went over a link while one client downloaded, in both directions. */
final class Traffic implements AutoCloseable {
    private static final int IP_VERSION = 4;
    private static final int TCP = 6;
    private static final int SYN = 2;

    private final LongAdder moved = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final Map<Long, Integer> ends = new ConcurrentHashMap<>();
    private volatile Runnable end = () -> {};

    void whenOver(Runnable action) {
        end = action;
    }

    /** So many bytes, of IP packets, were sent; they may be lost on the way. */
    void moved(int bytes) {
        moved.add(bytes);
    }

    /** Counts what is new to the connection; what was lost is sent again by the kernels, and counts once. */
    void arrived(byte[] packet) {
        if (packet[0] >> 4 != IP_VERSION || packet[9] != TCP) {
            return;
        }
        ByteBuffer ip = ByteBuffer.wrap(packet);
        int tcp = (packet[0] & 0xf) * 4;
        int data = tcp + (packet[tcp + 12] >> 4 & 0xf) * 4;
        int length = ip.getShort(2) - data;
        int first = ip.getInt(tcp + 4);
        // Ports tell the connection, and their order the direction.
        long connection = ip.getInt(tcp);
        if ((packet[tcp + 13] & SYN) != 0) {
            ends.put(connection, first + 1);
            return;
        }
        ends.computeIfPresent(connection, (_, before) -> {
            int grown = first + length - before;
            if (grown <= 0) {
                return before;
            }
            received.add(grown);
            return before + grown;
        });
    }

    /** Bytes of IP packets. */
    long movedBytes() {
        return moved.sum();
    }

    /** What the programs at both ends had to read, requests and heads included. */
    long receivedBytes() {
        return received.sum();
    }

    @Override
    public void close() {
        end.run();
    }
}
