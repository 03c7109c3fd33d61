package io.edgedownload.engine.cache;

import io.edgedownload.engine.cache.ChunkName.Filed;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The files of chunks, one each, in 256 folders. A file is written under a temporary name and renamed when it is whole: what has
 * its name is whole, or the file system broke its promise, which is noticed when it is read. Every method may block.
 *
 * <pre>
 * lock                    held as long as the folder is in use
 * temporary/N             being written; deleted at the next start
 * chunks/xx/NAME-LENGTH   a chunk and its {@link Trailer}
 * quarantine/NAME-LENGTH  what had other bytes than were written, the first few for whoever wants to know why
 * </pre>
 */
final class ChunkFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int MAX_QUARANTINED = 16;
    private static final int TRIAL_BYTES = 64 << 10;

    private final Path temporary;
    private final Path chunks;
    private final Path quarantine;
    private final Path locked;
    private final Object lockKey;
    private final FileChannel lock;
    private final Fsync fsync;
    private final Ticker ticker;
    private final AtomicLong sequence = new AtomicLong();

    /** Another process uses the folder. */
    static final class InUseException extends IOException {
        private static final long serialVersionUID = 1;

        InUseException() {
            super("another process uses it");
        }
    }

    /** What was found under a name. */
    sealed interface Read {
        /** The one reference to the chunk is the receiver's. */
        record Found(FileChunk chunk) implements Read {}

        record Gone() implements Read {}

        record Bad(String reason) implements Read {}
    }

    private ChunkFolder(Path directory, FileChannel lock, Fsync fsync, Ticker ticker) throws IOException {
        this.locked = directory.resolve(LOCK);
        this.lockKey = key(locked);
        this.temporary = directory.resolve("temporary");
        this.chunks = directory.resolve("chunks");
        this.quarantine = directory.resolve("quarantine");
        this.lock = lock;
        this.fsync = fsync;
        this.ticker = ticker;
    }

    /**
     * Makes it usable: made when missing, locked, tried by writing, and cleared of what was not written to its end.
     *
     * @throws IOException when it cannot be used
     */
    static ChunkFolder open(Path directory, Fsync fsync, Ticker ticker) throws IOException {
        Files.createDirectories(directory);
        FileChannel lock =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isTaken(lock)) {
                throw new InUseException();
            }
            ChunkFolder folder = new ChunkFolder(directory, lock, fsync, ticker);
            folder.prepare();
            return folder;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isTaken(FileChannel lock) throws IOException {
        try {
            FileLock taken = lock.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void prepare() throws IOException {
        Files.createDirectories(temporary);
        Files.createDirectories(chunks);
        Files.createDirectories(quarantine);
        for (int folder = 0; folder < 256; folder++) {
            Files.createDirectories(chunks.resolve("%02x".formatted(folder)));
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary)) {
            for (Path each : left) {
                Files.delete(each);
            }
        }
        tryOut();
    }

    /**
     * Writes a little and deletes it.
     *
     * @throws IOException when nothing can be written
     */
    void tryOut() throws IOException {
        Path trial = temporary.resolve("trial");
        Files.write(trial, new byte[TRIAL_BYTES]);
        Files.delete(trial);
    }

    /** Whether nobody took it away, or put or mounted another one in its place: that one's lock is not ours. */
    boolean isThere() {
        try {
            return key(locked).equals(lockKey) && Files.isDirectory(chunks) && Files.isDirectory(temporary);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Device and inode. */
    private static Object key(Path file) throws IOException {
        return Objects.requireNonNullElse(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey(), file);
    }

    /** Tells of each file there is, in no order; what has another name is left alone. */
    void scan(Consumer<Filed> found) throws IOException {
        for (int folder = 0; folder < 256; folder++) {
            Path path = chunks.resolve("%02x".formatted(folder));
            // By names: a Path for each of 100,000 files takes longer than all the rest.
            String[] files = path.toFile().list();
            if (files == null) {
                throw new NoSuchFileException(path.toString());
            }
            for (String file : files) {
                Filed.of(file).ifPresent(found);
            }
        }
    }

    /**
     * Writes the chunk; it stays the caller's. The one reference to what is returned is the caller's too.
     *
     * @throws IOException when it could not be written; then nothing is left of it
     */
    FileChunk write(ChunkKey key, MemoryChunk chunk) throws IOException {
        Filed filed = new Filed(ChunkName.of(key), chunk.lengthBytes());
        byte[] sha256 = chunk.sha256();
        Path unfinished = temporary.resolve(Long.toString(sequence.incrementAndGet()));
        FileChannel file = FileChannel.open(
                unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            writeFully(file, chunk.slice(0, chunk.lengthBytes()).nioBuffer());
            writeFully(file, new Trailer(key, chunk.lengthBytes(), sha256).write());
            if (fsync != Fsync.NEVER) {
                file.force(false);
            }
            Files.move(unfinished, path(filed), StandardCopyOption.ATOMIC_MOVE);
            if (fsync == Fsync.FOLDER) {
                force(chunks.resolve(filed.folder()));
            }
            return new FileChunk(file, 0, chunk.lengthBytes(), sha256, chunk.verifiedAtNanos());
        } catch (IOException | RuntimeException e) {
            file.close();
            deleteQuietly(unfinished, e);
            throw e;
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            var _ = file.write(bytes);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteQuietly(Path file, Exception because) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /**
     * Opens the file and sees that it holds what its trailer says.
     *
     * @param expected what it must hold; null when anything will do
     * @param verifiedAtNanos when the digest of its bytes was computed; without it that is done now
     */
    Read read(Filed filed, @Nullable ChunkKey expected, OptionalLong verifiedAtNanos) {
        FileChannel file;
        try {
            file = FileChannel.open(path(filed), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return new Read.Gone();
        } catch (IOException e) {
            // Says nothing of its bytes: the process may have too many files open.
            return new Read.Gone();
        }
        Read read = read(file, filed, expected, verifiedAtNanos);
        if (!(read instanceof Read.Found)) {
            closeQuietly(file);
        }
        return read;
    }

    private Read read(FileChannel file, Filed filed, @Nullable ChunkKey expected, OptionalLong verifiedAtNanos) {
        try {
            Trailer trailer = trailer(file);
            if (trailer == null) {
                return new Read.Bad("it has no trailer of this version");
            }
            if (trailer.lengthBytes() != filed.lengthBytes()
                    || file.size() != trailer.lengthBytes() + (long) trailer.ownBytes()
                    || !ChunkName.of(trailer.key()).equals(filed.name())) {
                return new Read.Bad("its trailer is another chunk's");
            }
            if (expected != null && !trailer.key().equals(expected)) {
                // Not bad: two chunks of one name.
                return new Read.Gone();
            }
            FileChunk chunk = new FileChunk(
                    file, 0, trailer.lengthBytes(), trailer.sha256(), verifiedAtNanos.orElseGet(ticker::nanos));
            if (verifiedAtNanos.isEmpty()) {
                MessageDigest digest = Verifier.sha256();
                chunk.update(digest, 0, chunk.lengthBytes());
                if (!MessageDigest.isEqual(digest.digest(), trailer.sha256())) {
                    return new Read.Bad("its bytes have another digest");
                }
            }
            return new Read.Found(chunk);
        } catch (IOException | IllegalArgumentException e) {
            return new Read.Bad("it cannot be read: " + e);
        }
    }

    private static @Nullable Trailer trailer(FileChannel file) throws IOException {
        long size = file.size();
        ByteBuffer end = ByteBuffer.allocate((int) Math.min(size, Trailer.MAX_BYTES));
        long at = size - end.capacity();
        while (end.hasRemaining()) {
            int readBytes = file.read(end, at + end.position());
            if (readBytes < 0) {
                return null;
            }
        }
        return Trailer.read(end.flip());
    }

    private static void closeQuietly(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            // It was open for reading: nothing is lost.
        }
    }

    /** @throws IOException when it is there and cannot be deleted */
    void delete(Filed filed) throws IOException {
        Files.deleteIfExists(path(filed));
    }

    /** Puts a bad file aside, or deletes it when enough are there. */
    void quarantine(Filed filed) throws IOException {
        try (DirectoryStream<Path> there = Files.newDirectoryStream(quarantine)) {
            int count = 0;
            for (Path _ : there) {
                count++;
            }
            if (count < MAX_QUARANTINED) {
                Files.move(path(filed), quarantine.resolve(filed.file()), StandardCopyOption.REPLACE_EXISTING);
                return;
            }
        } catch (NoSuchFileException e) {
            return;
        }
        delete(filed);
    }

    /** What others leave free on its file system. */
    long usableBytes() throws IOException {
        return Files.getFileStore(chunks).getUsableSpace();
    }

    private Path path(Filed filed) {
        return chunks.resolve(filed.folder()).resolve(filed.file());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
