package io.edgedownload.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Requests that were good before something happened to their octets. Only one thread may use it. */
final class Mutations {
    private static final int MOST = 6;
    private static final int LONGEST_RUN = 64;

    /** Above what the functions take as a head, and of a field in most heads. */
    private static final int HUGE = 20_000;

    /** What parsers stumble over. */
    private static final List<String> WORDS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\t",
            " ",
            ":",
            ",",
            ";",
            "=",
            "\"",
            "%",
            "%00",
            "%2f..",
            "/../",
            "//",
            "-",
            "--",
            "9".repeat(30),
            "0x10",
            "bytes=",
            "bytes=0-0,-1,",
            "bytes=-0",
            "\r\n\r\n",
            "\r\n ",
            "HTTP/1.0",
            "HTTP/9.9",
            "chunked",
            "Content-Length: 0\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Connection: close\r\n",
            "Host:\r\n",
            "Host: a\r\nHost: b\r\n",
            "Expect: 100-continue\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
            "W/\"",
            "\"\"",
            "*",
            "{",
            "}",
            "[",
            "null",
            "\\u0000",
            "\ud800",
            "1e999",
            "true",
            "ÿþ");

    private final List<byte[]> good;
    private final Random random;

    Mutations(List<byte[]> good, long seed) {
        this.good = good;
        this.random = new Random(seed);
    }

    byte[] next() {
        byte[] octets = good.get(random.nextInt(good.size())).clone();
        for (int changes = 1 + random.nextInt(MOST); changes > 0; changes--) {
            octets = changed(octets);
        }
        return octets;
    }

    private byte[] changed(byte[] octets) {
        int at = octets.length == 0 ? 0 : random.nextInt(octets.length);
        int end = Math.min(octets.length, at + 1 + random.nextInt(LONGEST_RUN));
        return switch (random.nextInt(100)) {
            case 0 -> inserted(octets, at, "a".repeat(HUGE).getBytes(ISO_8859_1));
            case 1, 2, 3, 4, 5 -> Arrays.copyOf(octets, at);
            case 6, 7, 8, 9, 10, 11, 12, 13, 14 -> without(octets, at, end);
            case 15, 16, 17, 18, 19, 20, 21, 22, 23, 24 -> inserted(octets, at, Arrays.copyOfRange(octets, at, end));
            default -> random.nextBoolean() ? flipped(octets, at) : inserted(octets, at, word());
        };
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(ISO_8859_1);
    }

    private byte[] flipped(byte[] octets, int at) {
        if (octets.length > 0) {
            octets[at] = (byte) random.nextInt(256);
        }
        return octets;
    }

    private static byte[] without(byte[] octets, int from, int to) {
        byte[] rest = Arrays.copyOf(octets, octets.length - (to - from));
        System.arraycopy(octets, to, rest, from, octets.length - to);
        return rest;
    }

    private static byte[] inserted(byte[] octets, int at, byte[] more) {
        byte[] all = Arrays.copyOf(octets, octets.length + more.length);
        System.arraycopy(octets, at, all, at + more.length, octets.length - at);
        System.arraycopy(more, 0, all, at, more.length);
        return all;
    }
}
