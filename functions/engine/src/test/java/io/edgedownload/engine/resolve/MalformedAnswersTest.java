package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.fixtures.dns.DnsFault;
import io.edgedownload.fixtures.dns.FaultDns;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/** Whatever octets a server sends, they are read in bounded work to an answer of bounded size, or to none. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MalformedAnswersTest {
    private static final int ANSWERS = 120_000;

    /** Had every answer left but its addresses behind, it would be more. */
    private static final long MAX_GROWTH_BYTES = 16L << 20;

    @Test
    void mutatedAnswersAreReadOrDropped() {
        MutatedAnswers answers = new MutatedAnswers(20_261_123);
        long before = usedBytes();
        int read = 0;
        for (int i = 0; i < ANSWERS; i++) {
            byte[] packet = answers.next();
            Optional<Message> message = Wire.answer(packet, MutatedAnswers.QUESTION, MutatedAnswers.ID);
            if (message.isPresent()) {
                read++;
                check(Reading.read(message.get(), MutatedAnswers.QUESTION, Name.root));
            }
        }
        assertTrue(read > ANSWERS / 10, "too few were like an answer: " + read);
        long growthBytes = usedBytes() - before;
        assertTrue(growthBytes < MAX_GROWTH_BYTES, () -> "kept " + growthBytes + " bytes");
    }

    private static void check(Answer answer) {
        switch (answer) {
            case Answer.Found(var addresses, long ttlSeconds) -> {
                assertFalse(addresses.isEmpty());
                assertTrue(addresses.size() <= Reading.MAX_ADDRESSES);
                checkTtl(ttlSeconds);
            }
            case Answer.Alias(Name target, long ttlSeconds, int links) -> {
                assertTrue(target.isAbsolute());
                assertTrue(links >= 1 && links <= Reading.MAX_LINKS + 1);
                checkTtl(ttlSeconds);
            }
            case Answer.NoSuchName(var soa) -> checkSoa(soa);
            case Answer.NoData(var soa) -> checkSoa(soa);
            case Answer.Useless(String reason) -> assertFalse(reason.isEmpty());
            case Answer.Silence _, Answer.Unreachable _ -> throw new AssertionError("not from a message: " + answer);
        }
    }

    private static void checkSoa(Answer.@Nullable Soa soa) {
        if (soa != null) {
            checkTtl(soa.negativeTtlSeconds());
        }
    }

    private static void checkTtl(long seconds) {
        assertTrue(seconds >= 0 && seconds <= Integer.MAX_VALUE, () -> "a TTL of " + seconds);
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Names are where a message can make the most work: each of its records may walk along all of its pointers. */
    @Test
    void aMessageOfPointersToPointersIsReadToItsEnd() {
        byte[] head = Wire.query(MutatedAnswers.QUESTION, MutatedAnswers.ID, null);
        ByteBuffer message = ByteBuffer.allocate(65_535).put(head);
        int records = 0;
        // One record of an unknown type, its data all pointers, each to the one before.
        int data = 0x3fff - head.length - 12;
        message.putShort((short) 0xc00c)
                .putShort((short) 0xff00)
                .putShort((short) 1)
                .putInt(60)
                .putShort((short) data);
        int target = 12;
        for (int pointer = 0; pointer < data / 2; pointer++) {
            int at = message.position();
            message.putShort((short) (0xc000 | target));
            target = at;
        }
        message.position(head.length + 12 + data);
        records++;
        // And as many as there is room for whose names begin at the last of them.
        while (message.remaining() >= 16) {
            message.putShort((short) (0xc000 | target))
                    .putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(60);
            message.putShort((short) 4).putInt(0xc0000200 | (records & 0xff));
            records++;
        }
        message.putShort(2, (short) 0x8000).putShort(6, (short) records);

        Optional<Message> read = Wire.answer(
                Arrays.copyOf(message.array(), message.position()), MutatedAnswers.QUESTION, MutatedAnswers.ID);
        check(Reading.read(read.orElseThrow(), MutatedAnswers.QUESTION, Name.root));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatSendsMutatedAnswersEndsEveryQuestionAndKeepsNoPlace(boolean overTcp) throws Exception {
        int atOnce = 50;
        try (FaultDns dns = FaultDns.start().host("www.example.test", Duration.ofSeconds(60), "192.0.2.1")) {
            Asker asker = new Asker(dns, atOnce);
            AtomicLong seed = new AtomicLong();
            if (overTcp) {
                dns.onAny().always(new DnsFault.Truncate());
            }
            dns.onAny()
                    .always(new DnsFault.Mutate(message -> new MutatedAnswers(seed.incrementAndGet()).mutate(message)));
            for (int round = 0; round < 6; round++) {
                for (Answer answer : asker.ask(atOnce, Duration.ofMillis(100))) {
                    assertNotEquals(new Answer.Useless("an error of the resolver"), answer);
                }
            }
            dns.heal();
            Answer truth = new Answer.Found(WiredResolver.literals("192.0.2.1"), 60);
            asker.ask(atOnce, Duration.ofSeconds(15)).forEach(answer -> assertEquals(truth, answer));
        }
    }

    private static final class Asker {
        private final ManualTicker ticker = new ManualTicker();
        private final DnsServer server;
        private final ServerQuery query;

        Asker(FaultDns dns, int maxAtOnce) {
            server = new DnsServer(dns.address());
            query = new ServerQuery(
                    new Edns(1232, true, null),
                    new ServerTable(ticker, (_, _) -> {}),
                    task -> Thread.ofVirtual().start(task),
                    maxAtOnce);
        }

        /** All at once; sockets really wait for the budget where no answer is taken for one. */
        List<Answer> ask(int times, Duration budget) {
            List<CompletableFuture<Answer>> answers = IntStream.range(0, times)
                    .mapToObj(_ -> query.ask(server, MutatedAnswers.QUESTION, Name.root, Deadline.after(budget, ticker))
                            .toCompletableFuture())
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }
}
