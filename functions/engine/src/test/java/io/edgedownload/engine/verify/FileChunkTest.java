package io.edgedownload.engine.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chunk lies behind a head of its file, and is longer than what is read at once. */
final class FileChunkTest {
    private static final int HEAD_BYTES = 5;
    private static final int LENGTH_BYTES = 200_000;

    @TempDir
    private Path folder;

    private final byte[] bytes = new byte[HEAD_BYTES + LENGTH_BYTES];
    private Path path = Path.of("");
    private FileChannel file;
    private FileChunk chunk;

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(bytes);
        path = Files.write(folder.resolve("chunk"), bytes);
        file = FileChannel.open(path, StandardOpenOption.READ);
        chunk = new FileChunk(file, HEAD_BYTES, LENGTH_BYTES, sha256(0, LENGTH_BYTES), 77);
    }

    @Test
    void isReadFromItsPlaceInTheFile() throws IOException {
        ByteBuffer read = ByteBuffer.allocate(3);
        chunk.read(read, 70_000);
        assertArrayEquals(Arrays.copyOfRange(bytes, HEAD_BYTES + 70_000, HEAD_BYTES + 70_003), read.array());
        assertEquals(HEAD_BYTES + 70_000, chunk.position(70_000));
    }

    @Test
    void digestsAnyPartOfItself() throws IOException {
        MessageDigest digest = Verifier.sha256();
        chunk.update(digest, 3, 150_000);
        assertArrayEquals(sha256(3, 150_000), digest.digest());
        chunk.update(digest, 0, LENGTH_BYTES);
        assertArrayEquals(chunk.sha256(), digest.digest());
    }

    @Test
    void aFileThatWasCutIsNoticed() throws IOException {
        try (FileChannel cutter = FileChannel.open(path, StandardOpenOption.WRITE)) {
            cutter.truncate(100_000);
        }
        assertThrows(EOFException.class, () -> chunk.update(Verifier.sha256(), 0, LENGTH_BYTES));
    }

    @Test
    void anUnlinkedFileStaysReadable() throws IOException {
        Files.delete(path);
        chunk.update(Verifier.sha256(), 0, LENGTH_BYTES);
    }

    @Test
    void theLastToLetGoClosesTheFile() {
        AtomicInteger freed = new AtomicInteger();
        chunk.whenFreed(freed::incrementAndGet);
        assertTrue(chunk.retain());
        chunk.release();
        assertTrue(file.isOpen());
        assertEquals(0, freed.get());
        chunk.release();
        assertFalse(file.isOpen());
        assertEquals(1, freed.get());
        assertFalse(chunk.retain(), "a closed file cannot be taken again");
    }

    private byte[] sha256(int offset, int lengthBytes) {
        MessageDigest digest = Verifier.sha256();
        digest.update(bytes, HEAD_BYTES + offset, lengthBytes);
        return digest.digest();
    }
}
