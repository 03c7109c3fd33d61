package io.edgedownload.bench;

import java.net.URI;
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
}
