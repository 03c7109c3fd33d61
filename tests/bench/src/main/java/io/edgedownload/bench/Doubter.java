package io.edgedownload.bench;

import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A client that compares each byte that it gets with the truth. */
final class Doubter {
    /** Of 100 requests. */
    private static final int FOR_ALL = 4;

    private static final int LEFT = 4;

    private static final int MOST_CHUNKS = 8;

    private final List<Known> downloads;
    private final int chunkBytes;
    private final Tally tally;
    private final Random random;

    /** A download, and what it has to be. */
    record Known(URI uri, HostedObject truth) {}

    /** What all of them saw. */
    static final class Tally {
        private static final int TOLD = 10;

        private final AtomicLong compared = new AtomicLong();
        private final LongAdder wrong = new LongAdder();
        private final LongAdder lied = new LongAdder();
        private final LongAdder unanswered = new LongAdder();
        private final LongAdder cut = new LongAdder();
        private final LongAdder left = new LongAdder();
        private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
        private final AtomicLong told = new AtomicLong();

        /** Chunks with other bytes than were published. */
        long wrong() {
            return wrong.sum();
        }

        /** Answers that ended as if they were whole and were not, or did not say what they are. */
        long lied() {
            return lied.sum();
        }

        /** Requests that were answered neither well nor by an error. */
        long unanswered() {
            return unanswered.sum();
        }

        /** Answers that were cut after their head: an honest end. */
        long cut() {
            return cut.sum();
        }

        long left() {
            return left.sum();
        }

        /** Chunks that were compared. */
        long compared() {
            return compared.get();
        }

        Map<Integer, Long> statuses() {
            Map<Integer, Long> counts = new TreeMap<>();
            statuses.forEach((status, count) -> counts.put(status, count.sum()));
            return counts;
        }

        private void tell(String what) {
            if (told.incrementAndGet() <= TOLD) {
                System.out.println(what);
            }
        }
    }

    Doubter(List<Known> downloads, int chunkBytes, Tally tally, long seed) {
        this.downloads = downloads;
        this.chunkBytes = chunkBytes;
        this.tally = tally;
        this.random = new Random(seed);
    }

    /** Asks until all of them together have compared so many chunks. */
    void askUntil(long enough) {
        while (tally.compared() < enough) {
            Known known = downloads.getFirst();
            try (RawHttp http = RawHttp.connect(known.uri())) {
                boolean goesOn = true;
                while (goesOn && tally.compared() < enough) {
                    known = downloads.get(random.nextInt(downloads.size()));
                    goesOn = ask(http, known);
                }
            } catch (IOException | RuntimeException e) {
                tally.unanswered.increment();
                tally.tell("no answer from " + known.uri() + ": " + e);
            }
        }
    }

    /** @return whether the connection can be used again */
    private boolean ask(RawHttp http, Known known) throws IOException {
        long length = known.truth().lengthBytes();
        int lot = random.nextInt(100);
        if (lot < FOR_ALL) {
            http.request("GET", known.uri(), Map.of());
            return check(http, known, 200, 0, length - 1);
        }
        long chunks = length / chunkBytes;
        long first = random.nextInt((int) chunks);
        long last = Math.min(chunks - 1, first + random.nextInt(MOST_CHUNKS));
        long from = first * chunkBytes;
        long to = (last + 1) * chunkBytes - 1;
        http.request("GET", known.uri(), Map.of("Range", "bytes=" + from + "-" + to));
        if (lot < FOR_ALL + LEFT) {
            tally.left.increment();
            http.leave();
            return false;
        }
        return check(http, known, 206, from, to);
    }

    private boolean check(RawHttp http, Known known, int good, long from, long to) throws IOException {
        RawResponse answer = http.response();
        tally.statuses.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
        boolean whole = answer.isComplete();
        if (answer.status() == good) {
            compare(answer, known, from, to);
        } else if (!whole || answer.status() < 400) {
            lied(known, "an error that is not whole, or none: " + answer);
        }
        return whole && !answer.field("Connection").orElse("").equalsIgnoreCase("close");
    }

    private void compare(RawResponse answer, Known known, long from, long to) {
        byte[] body = answer.body();
        long asked = to - from + 1;
        if (answer.status() == 206
                && !answer.field("Content-Range")
                        .orElse("")
                        .equals("bytes " + from + "-" + to + "/" + known.truth().lengthBytes())) {
            lied(known, "another part than " + from + "-" + to);
        }
        if (body.length > asked || (answer.isComplete() && body.length < asked)) {
            lied(known, body.length + " of " + asked + " bytes, as if they were all");
        }
        if (!answer.isComplete()) {
            tally.cut.increment();
        }
        int end = (int) Math.min(body.length, asked);
        byte[] truth = known.truth().slice(from, from + end - 1);
        for (int at = 0; at < end; at += chunkBytes) {
            int until = Math.min(end, at + chunkBytes);
            int differs = Arrays.mismatch(body, at, until, truth, at, until);
            if (differs >= 0) {
                tally.wrong.increment();
                tally.tell("a wrong byte at " + (from + at + differs) + " of " + known.uri());
            }
            if (until - at == chunkBytes) {
                tally.compared.incrementAndGet();
            }
        }
    }

    private void lied(Known known, String how) {
        tally.lied.increment();
        tally.tell("a lie about " + known.uri() + ": " + how);
    }
}
