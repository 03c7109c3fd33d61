package io.edgedownload.local.origin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of one directory by request path. Reads a file's content only when it is new or has changed. */
final class OriginFiles {
    /** One name directly under the root, no dot in front: no way out of the directory and no unfinished files. */
    private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9_~-][A-Za-z0-9._~-]*)");

    private final Path directory;
    private final ConcurrentHashMap<String, OriginFile> known = new ConcurrentHashMap<>();

    OriginFiles(Path directory) {
        this.directory = directory;
    }

    /** The file behind a request path; empty when there is none. Blocks. */
    Optional<OriginFile> find(String requestPath) throws IOException {
        var matcher = PATH.matcher(requestPath);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var name = matcher.group(1);
        var path = directory.resolve(name);
        if (!Files.isRegularFile(path)) {
            known.remove(name);
            return Optional.empty();
        }
        var file = known.get(name);
        if (file == null || !file.isCurrent()) {
            file = OriginFile.read(path);
            known.put(name, file);
        }
        return Optional.of(file);
    }
}
