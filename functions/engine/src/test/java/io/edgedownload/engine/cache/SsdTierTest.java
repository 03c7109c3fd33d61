package io.edgedownload.engine.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On one thread and a real file system; a restart is another tier on the same folder. */
final class SsdTierTest {
    private static final int CHUNK = 64 << 10;
    private static final long ROOMY = 100L * CHUNK;

    /** What one takes on disk, with its trailer. */
    private static final long FILE = CHUNK + (4 << 10);

    private static final DownloadId ID = new DownloadId("images/a.iso");

    private final ManualTicker ticker = new ManualTicker();
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final List<SsdTier> tiers = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private Path directory;
    private SsdTier tier;

    @BeforeEach
    void start(@TempDir Path folder) {
        directory = folder.resolve("cache");
        tier = started(settings(ROOMY));
        assertEquals(List.of("usable 0"), events);
        events.clear();
    }

    @AfterEach
    void stop() {
        tiers.forEach(SsdTier::close);
        assertTrue(buffers.stream().allMatch(buffer -> buffer.refCnt() == 0), "all memory is given back");
    }

    @Test
    void whatWasWrittenIsReadyToBeSent() throws Exception {
        byte[] bytes = offer(key(0));

        FileChunk chunk = present(tier.hit(key(0)));
        assertHolds(bytes, chunk);
        assertNull(tier.hit(key(1)));
        assertEquals(1, tier.statistics().chunks());
        assertEquals(1, tier.statistics().written());
    }

    @ParameterizedTest
    @EnumSource(Fsync.class)
    void itIsThereAfterARestart(Fsync fsync) throws Exception {
        restart(new SsdTier.Settings(directory, ROOMY, 0, fsync, ROOMY, 10, 0));
        byte[] bytes = offer(key(0));
        restart(settings(ROOMY));

        assertNull(tier.hit(key(0)), "its digest is not known to be right");
        assertHolds(bytes, present(tier.read(key(0), CHUNK)));
        assertHolds(bytes, present(tier.hit(key(0))));
        assertNull(tier.read(key(1), CHUNK));
        assertNull(tier.read(key(0), CHUNK - 1), "of another length");
    }

    @Test
    void theLastChunkMayBeShort() throws Exception {
        byte[] bytes = offer(key(0), 1);
        restart(settings(ROOMY));

        assertHolds(bytes, present(tier.read(key(0), 1)));
    }

    interface Damage {
        void to(Path file) throws IOException;
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("a bit of the first byte", file -> flip(file, 0)),
                damage("a bit of the last byte", file -> flip(file, CHUNK - 1)),
                damage("a bit of the id", file -> flip(file, CHUNK)),
                damage("a bit of the magic", file -> flip(file, CHUNK + 12 + 5)),
                damage("a bit of the version", file -> flip(file, CHUNK + 12 + 5 + 11)),
                damage("a bit of the length", file -> flip(file, CHUNK + 12 + 5 + 35)),
                damage("a bit of the digest", file -> flip(file, CHUNK + 12 + 5 + 40)),
                damage("a bit of the checksum", file -> flip(file, CHUNK + 12 + 5 + 71)),
                damage("the last byte cut", file -> cut(file, 1)),
                damage("half of it cut", file -> cut(file, CHUNK / 2)),
                damage("nothing left", file -> Files.write(file, new byte[0])),
                damage("a byte more", file -> Files.write(file, Arrays.copyOf(Files.readAllBytes(file), CHUNK + 90))),
                damage("a byte less before the trailer", SsdTierTest::shorten),
                damage("another chunk's file", file -> {
                    Path other = files(file.resolveSibling("..").normalize())
                            .filter(each -> !each.equals(file))
                            .findFirst()
                            .orElseThrow();
                    Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
                }),
                damage("a folder", file -> {
                    Files.delete(file);
                    Files.createDirectory(file);
                }));
    }

    private static Arguments damage(String name, Damage damage) {
        return Arguments.of(name, damage);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aBadFileIsPutAsideAndWrittenAgain(String name, Damage damage) throws Exception {
        offer(key(0));
        offer(key(1));
        Path file = file(key(0));
        restart(settings(ROOMY));
        damage.to(file);

        assertNull(tier.read(key(0), CHUNK));
        assertEquals(1, tier.statistics().bad());
        assertEquals(1, events.size());
        assertTrue(events.getFirst().startsWith("bad "), events::toString);
        assertTrue(Files.notExists(file));
        assertTrue(Files.exists(directory.resolve("quarantine").resolve(file.getFileName())));
        byte[] bytes = offer(key(0));
        assertHolds(bytes, present(tier.read(key(0), CHUNK)));
    }

    @Test
    void onlySomeBadFilesAreKeptForWhoeverWantsToKnow() throws Exception {
        for (int index = 0; index < 30; index++) {
            offer(key(index));
        }
        restart(settings(ROOMY));
        for (int index = 0; index < 30; index++) {
            flip(file(key(index)), 0);
            assertNull(tier.read(key(index), CHUNK));
        }

        assertEquals(16, files(directory.resolve("quarantine")).count());
        assertEquals(0, files(directory.resolve("chunks")).count());
    }

    @Test
    void aFileThatIsGoneIsAMiss() throws Exception {
        offer(key(0));
        restart(settings(ROOMY));
        Files.delete(file(key(0)));

        assertNull(tier.read(key(0), CHUNK));
        assertEquals(0, tier.statistics().chunks());
        assertEquals(0, tier.statistics().bad());
    }

    @Test
    void whatIsSentIsKeptThoughItWasDropped() throws Exception {
        byte[] bytes = offer(key(0));
        FileChunk sent = present(tier.hit(key(0)));
        assertEquals(1, tier.evict(ID));

        assertNull(tier.hit(key(0)));
        assertNull(tier.read(key(0), CHUNK));
        assertEquals(0, files(directory.resolve("chunks")).count());
        assertHolds(bytes, sent);
    }

    @Test
    void evictionConcernsOneDownload() throws Exception {
        ChunkKey other = new ChunkKey(new DownloadId("images/b.iso"), "gen-1", 0, CHUNK);
        offer(key(0));
        offer(key(1));
        byte[] bytes = offer(other);

        assertEquals(2, tier.evict(ID));
        assertHolds(bytes, present(tier.hit(other)));
    }

    @Test
    void staysWithinItsBytes() throws Exception {
        restart(settings(5 * (CHUNK + 4096)));
        for (int index = 0; index < 50; index++) {
            offer(key(index));
            assertTrue(tier.statistics().bytes() <= 5 * (CHUNK + 4096));
        }

        assertEquals(5, files(directory.resolve("chunks")).count());
        restart(settings(2 * (CHUNK + 4096)));
        assertEquals(2, files(directory.resolve("chunks")).count(), "a smaller bound holds at the start");
    }

    @Test
    void leavesRoomToOthers() throws Exception {
        restart(new SsdTier.Settings(directory, ROOMY, Long.MAX_VALUE / 2, Fsync.NEVER, ROOMY, 10, 0));
        offer(key(0));

        assertEquals(1, tier.statistics().dropped());
        assertEquals(Trouble.FULL, tier.statistics().trouble(), "whoever operates it is told");
        assertTrue(events.contains("unusable FULL"), events.toString());
        ticker.advance(Duration.ofSeconds(5));
        assertEquals(Trouble.FULL, tier.statistics().trouble(), "a little is written well, a chunk would not be");
        assertEquals(0, files(directory.resolve("chunks")).count());
    }

    @Test
    void whatWasNotWrittenToItsEndIsClearedAway() throws Exception {
        tier.close();
        Path left = Files.write(directory.resolve("temporary").resolve("7"), new byte[100]);
        Files.write(directory.resolve("chunks").resolve("00").resolve("notes.txt"), new byte[1]);
        restart(settings(ROOMY));

        assertTrue(Files.notExists(left));
        assertEquals(0, tier.statistics().chunks(), "what is not ours is left alone");
    }

    @Test
    void aSecondProcessWaitsForTheFirstToEnd() throws Exception {
        SsdTier second = started(settings(ROOMY));
        assertEquals(List.of("unusable IN_USE"), events);
        assertSame(Trouble.IN_USE, second.statistics().trouble());
        byte[] bytes = offer(key(0));
        assertNull(second.read(key(0), CHUNK));
        ticker.advance(Duration.ofSeconds(5));
        assertEquals(1, events.size(), "told once");
        tier.close();
        ticker.advance(Duration.ofSeconds(5));

        assertEquals(List.of("unusable IN_USE", "usable 1"), events);
        assertHolds(bytes, present(second.read(key(0), CHUNK)));
    }

    @Test
    void aFileInItsPlaceIsToldAndTriedAgain() throws Exception {
        tier.close();
        deleteAll(directory);
        Files.write(directory, new byte[1]);
        restart(settings(ROOMY));
        assertEquals(List.of("unusable NO_DIRECTORY"), events);
        offer(key(0));
        assertEquals(1, tier.statistics().dropped());
        Files.delete(directory);
        ticker.advance(Duration.ofSeconds(5));

        assertEquals(List.of("unusable NO_DIRECTORY", "usable 0"), events);
        assertHolds(offer(key(0)), present(tier.read(key(0), CHUNK)));
    }

    @Test
    void aFolderThatVanishesIsMadeAgain() throws Exception {
        offer(key(0));
        deleteAll(directory);
        offer(key(1));
        assertEquals(List.of("unusable NO_DIRECTORY"), events);
        ticker.advance(Duration.ofSeconds(5));

        assertEquals(List.of("unusable NO_DIRECTORY", "usable 0"), events);
        assertNull(tier.read(key(0), CHUNK));
        assertHolds(offer(key(1)), present(tier.read(key(1), CHUNK)));
    }

    @Test
    void anotherFolderInItsPlaceIsNotTakenForIt() throws Exception {
        byte[] bytes = offer(key(0));
        Path elsewhere = directory.resolveSibling("elsewhere");
        Files.move(directory, elsewhere);
        // One that was used before, by somebody else maybe.
        ChunkFolder.open(directory, Fsync.NEVER, ticker).close();
        ticker.advance(Duration.ofSeconds(1));
        offer(key(1));
        assertEquals(List.of("unusable NO_DIRECTORY"), events);
        assertEquals(0, files(directory.resolve("chunks")).count(), "nothing is written without its lock");
        ticker.advance(Duration.ofSeconds(5));

        assertEquals(List.of("unusable NO_DIRECTORY", "usable 0"), events);
        assertNull(tier.read(key(0), CHUNK));
        assertHolds(offer(key(1)), present(tier.read(key(1), CHUNK)));
        assertHolds(bytes, present(tier(elsewhere).read(key(0), CHUNK)));
    }

    /** On a folder that nobody uses any more. */
    private SsdTier tier(Path where) {
        return started(new SsdTier.Settings(where, ROOMY, 0, Fsync.NEVER, ROOMY, 10, 0));
    }

    @Test
    void aFileThatIsCutWhileItIsOpenIsGivenToNobodyElse() throws Exception {
        offer(key(0));
        FileChunk sent = present(tier.hit(key(0)));
        Path file = file(key(0));
        try (FileChannel cutter = FileChannel.open(file, StandardOpenOption.WRITE)) {
            cutter.truncate(CHUNK / 2);
        }
        assertThrows(EOFException.class, () -> sent.read(ByteBuffer.allocate(CHUNK), 0));
        sent.release();

        assertNull(tier.hit(key(0)));
        assertNull(tier.read(key(0), CHUNK));
        assertEquals(1, tier.statistics().bad());
        assertHolds(offer(key(0)), present(tier.hit(key(0))));
    }

    @Test
    void badBytesAreFoundBeforeAnybodyAsksForThem() throws Exception {
        offer(key(0));
        offer(key(1));
        restart(new SsdTier.Settings(directory, ROOMY, 0, Fsync.NEVER, ROOMY, 10, CHUNK));
        flip(file(key(1)), 100);
        ticker.advance(Duration.ofSeconds(10));

        assertEquals(1, tier.statistics().bad());
        assertEquals(1, tier.statistics().chunks());
    }

    @Test
    void onlySoManyChunksWaitToBeWritten() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        SsdTier.Settings settings =
                new SsdTier.Settings(directory.resolve("other"), ROOMY, 0, Fsync.NEVER, 3 * CHUNK, 10, 0);
        tier = tier(settings, tasks::add);
        tier.start();
        tasks.remove().run();
        for (int index = 0; index < 5; index++) {
            offer(key(index));
        }
        assertEquals(2, tier.statistics().dropped());
        assertEquals(3 * CHUNK, tier.statistics().queuedBytes());
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }

        assertEquals(3, tier.statistics().written());
        assertEquals(0, tier.statistics().queuedBytes());
        tier.close();
        tasks.forEach(Runnable::run);
    }

    @Test
    void nothingIsWrittenBeforeItIsKnownWhatIsThere() {
        offer(key(0));
        tier.close();
        events.clear();
        AtomicBoolean offering = new AtomicBoolean();
        // What runs between the start and the event does so in the midst of the scan.
        tier = tier(settings(ROOMY), task -> {
            if (events.isEmpty() && offering.compareAndSet(false, true)) {
                offer(key(1));
                offering.set(false);
            }
            task.run();
        });
        tier.start();

        assertEquals(List.of("usable 1"), events);
        assertTrue(tier.statistics().dropped() > 0);
        assertEquals(0, tier.statistics().written());
    }

    /** Before the folder is opened, and in the midst of its scan. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatIsDroppedWhileItIsLookedForStaysDropped(int atTask) throws Exception {
        for (int index = 0; index < 20; index++) {
            offer(key(index));
        }
        ChunkKey other = new ChunkKey(new DownloadId("images/b.iso"), "gen-1", 0, CHUNK);
        byte[] bytes = offer(other);
        tier.close();
        AtomicInteger tasks = new AtomicInteger();
        tier = tier(settings(ROOMY), task -> {
            if (tasks.incrementAndGet() == atTask) {
                tier.evict(ID);
            }
            task.run();
        });
        tier.start();

        assertEquals(1, files(directory.resolve("chunks")).count());
        assertIndexIsWhatIsThere();
        assertHolds(bytes, present(tier.read(other, CHUNK)));
        offer(key(0));
        assertIndexIsWhatIsThere();
        restart(settings(ROOMY));
        assertEquals(2, tier.statistics().chunks(), "what came after is not dropped");
    }

    @Test
    void aScanThatFailsIsBegunAnew() throws Exception {
        for (int index = 0; index < 20; index++) {
            offer(key(index));
        }
        tier.close();
        events.clear();
        AtomicInteger tasks = new AtomicInteger();
        tier = tier(settings(ROOMY), task -> {
            if (tasks.incrementAndGet() == 2) {
                deleteEmptyFolders();
            }
            task.run();
        });
        tier.start();
        assertEquals(List.of("unusable NO_DIRECTORY"), events);

        ticker.advance(Duration.ofSeconds(5));
        assertEquals(List.of("unusable NO_DIRECTORY", "usable 20"), events);
        assertIndexIsWhatIsThere();
    }

    private void deleteEmptyFolders() {
        for (File folder :
                Objects.requireNonNull(directory.resolve("chunks").toFile().listFiles())) {
            // Fails for those with files.
            var _ = folder.delete();
        }
    }

    private void assertIndexIsWhatIsThere() throws IOException {
        long files = files(directory.resolve("chunks")).count();
        assertEquals(files, tier.statistics().chunks());
        assertEquals(files * FILE, tier.statistics().bytes());
    }

    @Test
    void whatIsEvictedInTheMidstOfTheScanIsNotThere() throws Exception {
        for (int index = 0; index < 20; index++) {
            offer(key(index));
        }
        restart(settings(5 * FILE));

        assertEquals(5, files(directory.resolve("chunks")).count());
        assertIndexIsWhatIsThere();
    }

    @Test
    void aChunkIsAsOldAsItsDigestHoweverOftenItsFileIsOpened() {
        SsdTier.Settings noneOpen = new SsdTier.Settings(directory, ROOMY, 0, Fsync.NEVER, ROOMY, 0, 0);
        restart(noneOpen);
        long writtenNanos = ticker.nanos();
        offer(key(0));
        ticker.advance(Duration.ofMinutes(1));
        assertEquals(writtenNanos, readVerifiedAtNanos());

        restart(noneOpen);
        long readNanos = ticker.nanos();
        assertEquals(readNanos, readVerifiedAtNanos());
        ticker.advance(Duration.ofMinutes(1));
        assertEquals(readNanos, readVerifiedAtNanos());
    }

    private long readVerifiedAtNanos() {
        FileChunk chunk = present(tier.read(key(0), CHUNK));
        chunk.release();
        return chunk.verifiedAtNanos();
    }

    @Test
    void aFileThatCannotBeOpenedIsNotBad() throws Exception {
        byte[] bytes = offer(key(0));
        restart(settings(ROOMY));
        Files.delete(file(key(0)));
        Files.createSymbolicLink(file(key(0)), file(key(0)));

        assertNull(tier.read(key(0), CHUNK));
        assertEquals(0, tier.statistics().bad());
        offer(key(0));
        assertHolds(bytes, present(tier.hit(key(0))));
    }

    @Test
    void evictionConcernsWhatWaitsToBeWrittenToo() throws Exception {
        Queue<Runnable> tasks = new ArrayDeque<>();
        tier.close();
        tier = tier(settings(ROOMY), tasks::add);
        tier.start();
        tasks.remove().run();
        offer(key(0));
        tier.evict(ID);
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }

        assertNull(tier.read(key(0), CHUNK));
        assertEquals(0, files(directory.resolve("chunks")).count());
        tier.close();
        tasks.forEach(Runnable::run);
    }

    @Test
    void aChannelThatAnInterruptClosedIsOpenedAnew() throws Exception {
        byte[] bytes = offer(key(0));
        FileChunk interrupted = present(tier.hit(key(0)));
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> interrupted.read(ByteBuffer.allocate(1), 0));
        assertTrue(Thread.interrupted());
        interrupted.release();

        assertNull(tier.hit(key(0)));
        assertHolds(bytes, present(tier.read(key(0), CHUNK)));
        assertHolds(bytes, present(tier.hit(key(0))));
    }

    @Test
    void whatIsSparedOutlivesAStorm() throws Exception {
        restart(settings(10 * FILE));
        byte[] bytes = offer(key(0));
        tier.spare(lengths(0));
        for (int storm = 1; storm <= 100; storm++) {
            offer(key(storm));
            // Used more often than what is spared.
            use(storm);
        }
        assertHolds(bytes, present(tier.read(key(0), CHUNK)));
        assertTrue(tier.statistics().bytes() <= 10 * FILE, () -> "took " + tier.statistics());
        assertFalse(tier.lacks(key(0)));
    }

    @Test
    void atMostHalfOfTheRoomIsSpared() throws Exception {
        restart(settings(10 * FILE));
        tier.spare(lengths(0, 1, 2, 3, 4, 5, 6, 7));
        for (int index = 0; index < 8; index++) {
            assertEquals(index < 5, tier.lacks(key(index)), "chunk " + index);
        }
        for (int index = 0; index < 100; index++) {
            offer(key(index));
        }
        for (int index = 0; index < 5; index++) {
            present(tier.read(key(index), CHUNK)).release();
        }
        assertTrue(tier.statistics().bytes() <= 10 * FILE, () -> "took " + tier.statistics());
    }

    @Test
    void whatIsSparedNoMoreGivesWayAgain() throws Exception {
        restart(settings(4 * FILE));
        offer(key(0));
        tier.spare(lengths(0));
        tier.spare(lengths(1, 2));
        for (int index = 1; index < 100; index++) {
            offer(key(index));
            use(index);
            use(index);
        }
        present(tier.read(key(1), CHUNK)).release();
        present(tier.read(key(2), CHUNK)).release();
        assertTrue(tier.statistics().bytes() <= 4 * FILE, () -> "took " + tier.statistics());
    }

    private void use(long index) {
        FileChunk chunk = tier.read(key(index), CHUNK);
        if (chunk != null) {
            chunk.release();
        }
    }

    private static SequencedMap<ChunkKey, Integer> lengths(long... indexes) {
        SequencedMap<ChunkKey, Integer> lengths = new LinkedHashMap<>();
        for (long index : indexes) {
            lengths.put(key(index), CHUNK);
        }
        return lengths;
    }

    private SsdTier.Settings settings(long maxBytes) {
        return new SsdTier.Settings(directory, maxBytes, 0, Fsync.NEVER, ROOMY, 10, 0);
    }

    private void restart(SsdTier.Settings settings) {
        tier.close();
        tier = started(settings);
        events.removeIf(event -> event.startsWith("usable"));
    }

    private SsdTier started(SsdTier.Settings settings) {
        SsdTier started = tier(settings, Runnable::run);
        started.start();
        return started;
    }

    private SsdTier tier(SsdTier.Settings settings, Executor executor) {
        SsdTier made = new SsdTier(settings, executor, ticker, ticker, new SsdTier.Listener() {
            @Override
            public void usable(Path where, long chunks) {
                events.add("usable " + chunks);
            }

            @Override
            public void unusable(Path where, Trouble trouble, String detail) {
                events.add("unusable " + trouble);
            }

            @Override
            public void bad(String file, String reason) {
                events.add("bad " + reason);
            }
        });
        tiers.add(made);
        return made;
    }

    private static ChunkKey key(long index) {
        return new ChunkKey(ID, "gen-1", index, CHUNK);
    }

    private byte[] offer(ChunkKey key) {
        return offer(key, CHUNK);
    }

    /** Offers a chunk of bytes that are the same for the same key. */
    private byte[] offer(ChunkKey key, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(key.hashCode()).nextBytes(bytes);
        ByteBuf buffer = Unpooled.directBuffer(lengthBytes).writeBytes(bytes);
        buffers.add(buffer);
        if (new Verifier(ticker).verify(buffer, null) instanceof Verification.Verified(MemoryChunk chunk)) {
            tier.offer(key, chunk);
            chunk.release();
        }
        return bytes;
    }

    private static FileChunk present(@Nullable FileChunk chunk) {
        assertNotNull(chunk);
        return chunk;
    }

    /** Gives the chunk back. */
    private static void assertHolds(byte[] bytes, FileChunk chunk) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(chunk.lengthBytes());
        chunk.read(read, 0);
        assertArrayEquals(bytes, read.array());
        chunk.release();
    }

    private Path file(ChunkKey key) {
        ChunkName.Filed filed = new ChunkName.Filed(ChunkName.of(key), CHUNK);
        return directory.resolve("chunks").resolve(filed.folder()).resolve(filed.file());
    }

    private static Stream<Path> files(Path folder) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(folder)) {
            found = all.filter(Files::isRegularFile).toList();
        }
        return found.stream();
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }

    private static void cut(Path file, int bytes) throws IOException {
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - bytes));
    }

    private static void shorten(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        byte[] less = new byte[all.length - 1];
        System.arraycopy(all, 0, less, 0, CHUNK - 1);
        System.arraycopy(all, CHUNK, less, CHUNK - 1, all.length - CHUNK);
        Files.write(file, less);
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
