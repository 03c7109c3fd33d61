package io.edgedownload.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files served by {@code ServeContent} of Go's {@code net/http}, which sends them by sendfile. */
final class GoFiles {
    private GoFiles() {}

    static Peer start(Path folder, Path files) throws IOException, InterruptedException {
        Path program = folder.resolve("files");
        build(folder, program);
        int port = Peer.freePort();
        return Peer.start("Go", port, folder, List.of(program.toString(), Peer.HOST + ":" + port, files.toString()));
    }

    private static void build(Path folder, Path program) throws IOException, InterruptedException {
        Path source = folder.resolve("files.go");
        try (InputStream text = GoFiles.class.getResourceAsStream("files.go")) {
            if (text == null) {
                throw new IOException("files.go is missing");
            }
            Files.write(source, text.readAllBytes());
        }
        Path log = folder.resolve("go-build.log");
        ProcessBuilder go = new ProcessBuilder("go", "build", "-o", program.toString(), source.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        go.environment().put("GOCACHE", folder.resolve("go-cache").toString());
        if (go.start().waitFor() != 0) {
            throw new IOException("go failed: " + Files.readString(log));
        }
    }
}
