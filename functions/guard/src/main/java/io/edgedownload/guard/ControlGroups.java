package io.edgedownload.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * The paths of control groups by their ids, which are the inode numbers of their directories (cgroups(7)). Looked up when an id is
 * not known.
 */
final class ControlGroups {
    static final String FILE_SYSTEM = "cgroup2";

    /** A subject of an event holds no more, see {@code fleet.proto}. What tells groups apart is at the end. */
    private static final int MOST_CHARACTERS = 300;

    private static final int MOST_DIRECTORIES = 50_000;

    private final Path top;
    private final Path mount;
    private Map<Long, String> names = Map.of();

    /**
     * @param top the group to which the program is attached
     * @throws IOException when it is not there, or is no control group of version 2
     */
    ControlGroups(Path top) throws IOException {
        this.top = top.toRealPath();
        if (!isControlGroup(this.top)) {
            throw new IOException(top + " is no control group of version 2 (file system " + FILE_SYSTEM + ")");
        }
        Path highest = this.top;
        while (highest.getParent() != null && isControlGroup(highest.getParent())) {
            highest = highest.getParent();
        }
        this.mount = highest;
    }

    private static boolean isControlGroup(Path directory) throws IOException {
        return Files.getFileStore(directory).type().equals(FILE_SYSTEM);
    }

    Path top() {
        return top;
    }

    /** Looks for groups that were made since the last time. */
    void refresh() {
        Map<Long, String> found = new HashMap<>();
        try {
            var _ = Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    try {
                        found.put((Long) Files.getAttribute(directory, "unix:ino"), name(directory));
                    } catch (IOException gone) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    return found.size() < MOST_DIRECTORIES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException("looking for control groups in " + top, unreadable);
        }
        names = found;
    }

    boolean contains(long id) {
        return names.containsKey(id);
    }

    /** The path as in {@code /proc/PID/cgroup}; of a group that is gone, or not below the top, its number. */
    String name(long id) {
        return names.getOrDefault(id, "cgroup " + id);
    }

    private String name(Path directory) {
        String path = "/" + mount.relativize(directory);
        return path.substring(Math.max(0, path.length() - MOST_CHARACTERS));
    }
}
