package io.edgedownload.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where one local stack keeps everything: sample files, S3's objects, the catalog, chunks, secrets and logs. It belongs to one
 * stack at a time and outlives it.
 */
final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Makes the directory when it is missing and takes it.
     *
     * @throws StartFailure when another stack has it or it cannot be made
     */
    static DataDirectory open(Path root) throws IOException {
        try {
            Files.createDirectories(root);
        } catch (IOException refused) {
            throw new StartFailure("the data directory " + root + " cannot be made: " + refused.getMessage(), refused);
        }
        var lock = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(lock)) {
            lock.close();
            throw new StartFailure("the data directory " + root
                    + " is in use by another local stack: stop that one or choose another with --data DIR");
        }
        return new DataDirectory(root, lock);
    }

    private static boolean isTaken(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisJvm) {
            return false;
        }
    }

    Path adminToken() {
        return root.resolve("admin-token");
    }

    Path signingKey() {
        return root.resolve("signing-key");
    }

    Path s3SecretKey() {
        return root.resolve("s3-secret-key");
    }

    Path s3Objects() {
        return root.resolve("s3");
    }

    Path catalog() throws IOException {
        return Files.createDirectories(root.resolve("catalog"));
    }

    Path chunks() {
        return root.resolve("chunks");
    }

    Path originFiles() throws IOException {
        return Files.createDirectories(root.resolve("origin"));
    }

    Path originLog() {
        return root.resolve("origin.log");
    }

    Path functionsLog() {
        return root.resolve("functions.log");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
