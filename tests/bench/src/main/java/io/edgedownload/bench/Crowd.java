package io.edgedownload.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

/** Clients that all ask for the same at once. */
final class Crowd {
    private static final int BUFFER_BYTES = 128 << 10;

    private Crowd() {}

    /**
     * How long it takes until the last one has it whole.
     *
     * @param checksum CRC-32C of what each of them must get
     * @throws IOException when one of them gets anything else
     */
    static Duration ask(URI url, int clients, long checksum) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long startNanos = System.nanoTime();
            List<Future<Long>> answers = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                answers.add(threads.submit(() -> read(url)));
            }
            for (Future<Long> answer : answers) {
                if (answer.get() != checksum) {
                    throw new IOException(url + " brought other bytes");
                }
            }
            return Duration.ofNanos(System.nanoTime() - startNanos);
        } catch (ExecutionException failed) {
            throw new IOException(url + " failed: " + failed.getCause(), failed);
        }
    }

    private static long read(URI url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream body = connection.getInputStream()) {
            for (int readBytes = body.read(buffer); readBytes >= 0; readBytes = body.read(buffer)) {
                crc.update(buffer, 0, readBytes);
            }
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("status " + connection.getResponseCode());
        }
        return crc.getValue();
    }
}
