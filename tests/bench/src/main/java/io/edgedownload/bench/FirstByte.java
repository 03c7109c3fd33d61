package io.edgedownload.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One start of the functions: until the first byte of a download was there, and the memory that they had then.
 *
 * @param millis since the process was started
 * @param residentMebibytes of the process after it answered
 */
record FirstByte(double millis, double residentMebibytes) {
    private static final long PAUSE_MILLIS = 1;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** @param program a command that takes settings as {@code -Dkey=value} after its first word */
    static FirstByte measure(List<String> program, Map<String, String> settings, String id, Path log)
            throws IOException, InterruptedException {
        int port = Peer.freePort();
        List<String> command = new ArrayList<>(List.of(program.getFirst()));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + port);
        command.addAll(program.subList(1, program.size()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        long startNanos = System.nanoTime();
        Process process = builder.start();
        try {
            while (!isAnswered(port, id)) {
                if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("it ended at its start: " + Files.readString(log));
                }
                if (System.nanoTime() - startNanos > LIMIT_NANOS) {
                    throw new IOException("it does not answer: " + Files.readString(log));
                }
            }
            return new FirstByte((System.nanoTime() - startNanos) / 1e6, resident(process.pid()));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** False while nobody listens. */
    private static boolean isAnswered(int port, String id) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /download/" + id + " HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("it answered " + answer);
            }
            return true;
        } catch (ConnectException nobody) {
            return false;
        }
    }

    private static double resident(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of " + pid);
    }
}
