package io.edgedownload.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Something that serves the file.
 *
 * @param process with its descendants it is the whole server
 */
record Server(String name, URI url, ProcessHandle process) {
    /** Processor time that it has used so far. */
    Duration cpu() {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The most that its own process had in memory at once so far, as Linux tells it. */
    long mostResidentBytes() throws IOException {
        String prefix = "VmHWM:";
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith(prefix))
                        .mapToLong(line -> Long.parseLong(line.substring(prefix.length())
                                .replace("kB", "")
                                .strip()))
                        .findFirst()
                        .orElse(0)
                << 10;
    }
}
