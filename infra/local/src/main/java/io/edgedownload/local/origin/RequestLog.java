package io.edgedownload.local.origin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** One line a request, in a file that is moved aside once when it is full: at most twice the limit lies on disk. */
final class RequestLog implements AutoCloseable {
    private static final long LIMIT_BYTES = 4L << 20;

    private final Path file;
    private Writer writer;
    private long sizeBytes;

    RequestLog(Path file) throws IOException {
        this.file = file;
        this.writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        this.sizeBytes = Files.size(file);
    }

    synchronized void write(String line) {
        try {
            if (sizeBytes + line.length() > LIMIT_BYTES) {
                startAnew();
            }
            writer.write(line);
            writer.write('\n');
            // Someone may be following the file.
            writer.flush();
            sizeBytes += line.length() + 1;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void startAnew() throws IOException {
        writer.close();
        Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        writer = Files.newBufferedWriter(file);
        sizeBytes = 0;
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }
}
