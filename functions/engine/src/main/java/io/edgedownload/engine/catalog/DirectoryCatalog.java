package io.edgedownload.engine.catalog;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A catalog in a folder: one JSON file an id, for a person to read and, if need be, to edit. A slash in an id is a comma in
 * the file's name, which no id can hold, so that ids and names match one to one. A file is written beside its place, forced
 * to disk and renamed: a crash at any moment leaves the old manifest or the new one. Whoever stores an id holds a lock of the
 * operating system on it, for other processes on the machine; it ends with the process.
 */
public final class DirectoryCatalog implements Catalog {
    /** Larger than a manifest of the most chunks that can be published with digests. */
    private static final long MAX_MANIFEST_BYTES = 64L << 20;

    private final Path directory;
    private final ReentrantLock opening = new ReentrantLock();
    private @Nullable FileChannel locks;

    /** The directory is made when the first manifest is stored. */
    public DirectoryCatalog(Path directory) {
        this.directory = directory;
    }

    @Override
    public Lookup find(DownloadId id, Deadline deadline) {
        Path file = file(id);
        try {
            if (Files.size(file) > MAX_MANIFEST_BYTES) {
                return new Lookup.Unavailable(file + " is larger than " + MAX_MANIFEST_BYTES + " bytes");
            }
            Manifest manifest = ManifestJson.read(new JsonObject(Files.readString(file)));
            // On a file system that folds case, another id's file may answer to this name.
            return manifest.id().equals(id) ? new Lookup.Found(manifest) : new Lookup.Unknown();
        } catch (NoSuchFileException e) {
            return new Lookup.Unknown();
        } catch (IOException | RuntimeException e) {
            return new Lookup.Unavailable(file + " cannot be read as a manifest: " + e);
        }
    }

    @Override
    public Storing store(Manifest manifest, Deadline deadline) {
        Path file = file(manifest.id());
        try {
            Files.createDirectories(directory);
            try (FileLock lock = locks().tryLock(region(manifest.id()), 1, false)) {
                return lock == null ? new Storing.Conflict() : place(file, manifest);
            }
        } catch (OverlappingFileLockException e) {
            return new Storing.Conflict();
        } catch (IOException e) {
            return new Storing.Failed(file + " cannot be written: " + e);
        }
    }

    /**
     * Opened once and for good: a process that closes a file gives up all its locks on it.
     */
    private FileChannel locks() throws IOException {
        opening.lock();
        try {
            FileChannel open = locks;
            if (open == null || !open.isOpen()) {
                open = FileChannel.open(
                        directory.resolve(",lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                locks = open;
            }
            return open;
        } finally {
            opening.unlock();
        }
    }

    /** The byte of the file of locks that stands for the id; two ids of one byte are told of each other, too. */
    private static long region(DownloadId id) {
        return id.value().hashCode() & 0x7fff_ffffL;
    }

    private Storing place(Path file, Manifest manifest) throws IOException {
        Path written = directory.resolve(",writing-" + UUID.randomUUID());
        try {
            boolean existed = Files.exists(file);
            write(written, new JsonObject(ManifestJson.write(manifest)).encodePrettily() + "\n");
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return existed ? new Storing.Replaced() : new Storing.Created();
        } catch (IOException e) {
            discard(written);
            throw e;
        }
    }

    private Path file(DownloadId id) {
        return directory.resolve(id.value().replace('/', ',') + ".json");
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void discard(Path written) {
        try {
            Files.deleteIfExists(written);
        } catch (IOException e) {
            // The name is never read; the failure that led here is the one to report.
        }
    }
}
