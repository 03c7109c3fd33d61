package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgedownload.engine.time.ManualTicker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedFileTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    private final ManualTicker ticker = new ManualTicker();
    private final List<String> parsed = new ArrayList<>();

    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("hosts");
    }

    private WatchedFile<String> watched() {
        return watched(text -> text);
    }

    private WatchedFile<String> watched(Function<String, String> parse) {
        return new WatchedFile<>(
                path,
                text -> {
                    parsed.add(text);
                    return parse.apply(text);
                },
                "missing",
                ticker);
    }

    private String later(WatchedFile<String> file) {
        ticker.advance(Duration.ofSeconds(5));
        return file.current();
    }

    /** With the same time each time, so that the time tells nothing. */
    private static void write(Path path, String text) throws IOException {
        Files.writeString(path, text, StandardCharsets.ISO_8859_1);
        Files.setLastModifiedTime(path, LONG_AGO);
    }

    @Test
    void fileIsLookedAtEveryFiveSecondsAtMost() throws IOException {
        write(path, "one");
        WatchedFile<String> file = watched();
        write(path, "second");

        ticker.advance(Duration.ofSeconds(5).minusNanos(1));
        assertEquals("one", file.current());
        ticker.advance(Duration.ofNanos(1));
        assertEquals("second", file.current());
    }

    @Test
    void fileThatDidNotChangeIsReadOnce() throws IOException {
        write(path, "one");
        WatchedFile<String> file = watched();

        assertEquals("one", later(file));
        assertEquals("one", later(file));
        assertEquals(List.of("one"), parsed);
    }

    @Test
    void rewriteOfTheSameSizeIsSeenByItsTime() throws IOException {
        write(path, "one");
        WatchedFile<String> file = watched();

        write(path, "two");
        Files.setLastModifiedTime(path, FileTime.fromMillis(LONG_AGO.toMillis() + 1));
        assertEquals("two", later(file));
    }

    @Test
    void renameOverItIsSeenThoughTimeAndSizeAreTheSame() throws IOException {
        write(path, "one");
        WatchedFile<String> file = watched();

        Path next = directory.resolve("next");
        write(next, "two");
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        assertEquals("two", later(file));
    }

    /** As Kubernetes changes a mounted ConfigMap: hosts -> ..data/hosts, ..data -> ..1. */
    @Test
    void linkLedElsewhereIsSeen() throws IOException {
        Path data = directory.resolve("..data");
        for (String version : List.of("..1", "..2")) {
            write(Files.createDirectory(directory.resolve(version)).resolve("hosts"), version);
        }
        Files.createSymbolicLink(data, Path.of("..1"));
        Files.createSymbolicLink(path, Path.of("..data", "hosts"));
        WatchedFile<String> file = watched();
        assertEquals("..1", file.current());

        Path next = Files.createSymbolicLink(directory.resolve("..tmp"), Path.of("..2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        assertEquals("..2", later(file));
    }

    @Test
    void fileThatIsNotThereYetIsReadWhenItIs() throws IOException {
        WatchedFile<String> file = watched();
        assertEquals("missing", file.current());
        assertEquals("missing", later(file));

        write(path, "one");
        assertEquals("one", later(file));
    }

    @Test
    void whatAFileSaidHoldsWhileItIsAwayOrUnreadable() throws IOException {
        write(path, "one");
        WatchedFile<String> file = watched();

        Files.delete(path);
        assertEquals("one", later(file));
        Files.createDirectory(path);
        assertEquals("one", later(file));
        Files.delete(path);
        write(path, "second");
        assertEquals("second", later(file));
    }

    @Test
    void troubleIsToldOnceEachTimeItBegins() throws IOException {
        List<String> told = new ArrayList<>();
        Handler log = handler(told);
        Logger logger = Logger.getLogger(WatchedFile.class.getName());
        logger.addHandler(log);
        try {
            write(path, "one");
            WatchedFile<String> file = watched();
            Path aside = directory.resolve("aside");
            for (int time = 1; time <= 2; time++) {
                Files.move(path, aside);
                assertEquals("one", later(file));
                assertEquals("one", later(file));
                assertEquals(time, told.size(), told.toString());
                // The very same file is back: nothing is read, yet the trouble is over.
                Files.move(aside, path);
                assertEquals("one", later(file));
            }
        } finally {
            logger.removeHandler(log);
        }
    }

    private static Handler handler(List<String> told) {
        return new Handler() {
            @Override
            public void publish(LogRecord message) {
                told.add(message.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void fileOfMoreThan64KiBIsNotRead() throws IOException {
        write(path, "a".repeat(64 << 10));
        WatchedFile<String> file = watched();
        assertEquals(64 << 10, file.current().length());

        write(path, "b".repeat((64 << 10) + 1));
        assertEquals("a".repeat(64 << 10), later(file));
    }

    @Test
    void anyOctetsAreText() throws IOException {
        Files.write(path, new byte[] {'a', (byte) 0xff, (byte) 0x85});

        assertEquals("a\u00ff\u0085", watched().current());
    }

    @Test
    void othersGoOnWithWhatIsKnownHoweverLongTheFileIsBeingRead() throws IOException {
        write(path, "one");
        List<WatchedFile<String>> self = new ArrayList<>();
        List<String> seenMeanwhile = new ArrayList<>();
        self.add(watched(text -> {
            self.forEach(file -> {
                ticker.advance(Duration.ofSeconds(60));
                seenMeanwhile.add(file.current());
            });
            return text;
        }));

        write(path, "second");
        assertEquals("second", later(self.getFirst()));
        assertEquals(List.of("one"), seenMeanwhile);
        assertEquals(List.of("one", "second"), parsed);
    }

    @Test
    void fileIsReadAgainAfterReadingItBroke() throws IOException {
        write(path, "one");
        List<String> broken = new ArrayList<>();
        WatchedFile<String> file = watched(text -> {
            if (text.equals("broken") && broken.isEmpty()) {
                broken.add(text);
                throw new IllegalStateException(text);
            }
            return text;
        });

        write(path, "broken");
        assertThrows(IllegalStateException.class, () -> later(file));
        assertEquals("one", file.current());
        assertEquals("broken", later(file));
    }
}
