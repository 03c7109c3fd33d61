package io.edgedownload.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;

/** The files that every local stack publishes. Their bytes are the same on every machine and in every run. */
public enum Sample {
    SIXTY_FOUR_MIB("sample-64m", 64L << 20, "6b6de30952360c20685b73d4669b1bb3f9a3ed257d99628cf5f345c3fc3d38b7") {
        @Override
        void write(OutputStream out) throws IOException {
            // java.util.Random because its algorithm is part of its specification; others may change with the JDK.
            var random = new Random(64);
            var block = new byte[1 << 20];
            for (long written = 0; written < lengthBytes(); written += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    },
    EMPTY("sample-empty", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") {
        @Override
        void write(OutputStream out) {}
    },
    ELEVEN("sample-11", 11, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9") {
        @Override
        void write(OutputStream out) throws IOException {
            out.write("hello world".getBytes(StandardCharsets.US_ASCII));
        }
    };

    /** Fixed, so that Last-Modified survives a deleted data directory. */
    private static final FileTime LAST_MODIFIED = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    private final String id;
    private final long lengthBytes;
    private final String sha256;

    Sample(String id, long lengthBytes, String sha256) {
        this.id = id;
        this.lengthBytes = lengthBytes;
        this.sha256 = sha256;
    }

    /** The id it is published under, its file name at the origin and its key in S3. */
    public String id() {
        return id;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /** SHA-256 of the whole file, 64 lower-case hex digits. */
    public String sha256() {
        return sha256;
    }

    abstract void write(OutputStream out) throws IOException;

    /**
     * Makes sure that the file lies in the directory and has its length.
     *
     * @return the file
     * @throws IOException when it cannot be written, a full disk for example
     */
    public Path ensureIn(Path directory) throws IOException {
        var file = directory.resolve(id);
        if (Files.isRegularFile(file) && Files.size(file) == lengthBytes) {
            return file;
        }
        // Written beside and moved: an interrupted start must not leave a file of the right length and wrong bytes.
        var unfinished = directory.resolve("." + id + ".unfinished");
        try (var out = Files.newOutputStream(unfinished)) {
            write(out);
        }
        Files.setLastModifiedTime(unfinished, LAST_MODIFIED);
        return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
