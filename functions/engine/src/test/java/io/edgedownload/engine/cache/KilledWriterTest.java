package io.edgedownload.engine.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.FileChunk;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes chunks is killed at moments that a seed chose, and again, and again. */
final class KilledWriterTest {
    private static final int KILLS = 100;

    @Test
    void whateverAKillLeavesIsRightOrNotThere(@TempDir Path directory) throws Exception {
        Random moments = new Random(7);
        Set<Long> written = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            writeUntilKilled(directory, kill * 7L, moments, written);
            check(directory, written);
        }
        assertEquals(EndlessWriter.KEYS, written.size(), "all were written at some time");
    }

    private static void writeUntilKilled(Path directory, long first, Random moments, Set<Long> written)
            throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        directory.toString(),
                        Long.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader told = writer.inputReader(US_ASCII)) {
            int chunks = 1 + moments.nextInt(20);
            for (int chunk = 0; chunk < chunks; chunk++) {
                String line = told.readLine();
                assertNotNull(line, "it writes for ever");
                written.add(Long.parseLong(line) % EndlessWriter.KEYS);
            }
            for (int spin = moments.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            writer.destroyForcibly().waitFor();
        }
    }

    private static void check(Path directory, Set<Long> written) throws IOException {
        try (ChunkFolder folder = ChunkFolder.open(directory, Fsync.NEVER, Ticker.system());
                Stream<Path> unfinished = Files.list(directory.resolve("temporary"))) {
            assertEquals(0, unfinished.count(), "what was not finished is gone");
            for (long index = 0; index < EndlessWriter.KEYS; index++) {
                ChunkKey key = EndlessWriter.key(index);
                ChunkName.Filed filed = new ChunkName.Filed(ChunkName.of(key), EndlessWriter.CHUNK);
                switch (folder.read(filed, key, OptionalLong.empty())) {
                    case ChunkFolder.Read.Found(FileChunk chunk) -> {
                        ByteBuffer bytes = ByteBuffer.allocate(chunk.lengthBytes());
                        chunk.read(bytes, 0);
                        assertArrayEquals(EndlessWriter.bytes(key), bytes.array());
                        chunk.release();
                    }
                    case ChunkFolder.Read.Gone() ->
                        assertTrue(!written.contains(index), "what was written stays: " + index);
                    case ChunkFolder.Read.Bad(String reason) -> throw new AssertionError(index + ": " + reason);
                }
            }
        }
    }
}
