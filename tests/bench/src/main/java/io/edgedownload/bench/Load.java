package io.edgedownload.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What wrk asks for: ranges of one length at random aligned offsets, each connection asking again as soon as it was answered.
 *
 * @param name for the table
 */
record Load(String name, long objectBytes, int rangeBytes, int connections) {
    /** Longer than any answer takes that still comes. */
    private static final String TIMEOUT = "15s";

    private static final Duration GRACE = Duration.ofSeconds(20);

    /**
     * Asks the server for that long.
     *
     * @throws IOException when an answer failed or brought other than the range
     */
    Measured run(Server server, Path folder, Duration duration) throws IOException, InterruptedException {
        Measured measured = runThroughFailures(server, folder, duration);
        if (measured.failed() > 0 || measured.requests() == 0 || !bringsTheRange(measured)) {
            throw new IOException("not every answer was the range that was asked for: " + measured);
        }
        return measured;
    }

    /**
     * Asks the server for that long, whatever it answers.
     *
     * @throws IOException when nothing could be measured
     */
    Measured runThroughFailures(Server server, Path folder, Duration duration)
            throws IOException, InterruptedException {
        Duration cpuBefore = server.cpu();
        // One thread: the load must leave the servers, which have two each, the larger part of the machine.
        Process wrk = new ProcessBuilder(List.of(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "--timeout",
                        TIMEOUT,
                        "-d" + Math.max(1, duration.toSeconds()) + "s",
                        "-s",
                        script(folder).toString(),
                        server.url().toString(),
                        "--",
                        Long.toString(objectBytes),
                        Integer.toString(rangeBytes)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("wrk.log").toFile())
                .start();
        try {
            if (!wrk.waitFor(duration.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("wrk did not end");
            }
        } finally {
            wrk.destroyForcibly();
        }
        return measured(
                Files.readString(folder.resolve("wrk.log")), server.cpu().minus(cpuBefore));
    }

    private static Measured measured(String output, Duration cpu) throws IOException {
        String line = output.lines()
                .filter(each -> each.startsWith("MEASURED "))
                .findFirst()
                .orElseThrow(() -> new IOException("wrk failed: " + output.strip()));
        List<Long> values = Arrays.stream(line.substring("MEASURED ".length()).split(" ", -1))
                .map(Long::valueOf)
                .toList();
        return new Measured(
                values.get(0),
                values.get(1),
                Duration.ofNanos(values.get(2) * 1_000),
                values.get(3),
                values.get(4),
                values.get(5),
                cpu);
    }

    /** Bytes a request are the range and its head, save for answers that were under way at the end. */
    private boolean bringsTheRange(Measured measured) {
        double rangesBytes = (double) measured.requests() * rangeBytes;
        double cutBytes = (double) connections * rangeBytes;
        return measured.bytes() >= rangesBytes && measured.bytes() <= rangesBytes * 1.02 + cutBytes;
    }

    private static Path script(Path folder) throws IOException {
        Path script = folder.resolve("ranges.lua");
        try (InputStream text = Load.class.getResourceAsStream("ranges.lua")) {
            if (text == null) {
                throw new IOException("ranges.lua is missing");
            }
            Files.write(script, text.readAllBytes());
        }
        return script;
    }
}
