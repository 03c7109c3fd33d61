package io.edgedownload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirectoryCatalogTest implements CatalogContract {
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(1), new ManualTicker());

    @TempDir
    Path folder;

    @Override
    public Catalog instance() {
        return new DirectoryCatalog(folder);
    }

    @Test
    void findsWhatWasStored() throws IOException {
        DirectoryCatalog catalog = new DirectoryCatalog(folder.resolve("made/when/needed"));
        Manifest first = Manifests.full("a/b/c");
        assertEquals(new Lookup.Unknown(), catalog.find(first.id(), deadline));
        assertEquals(new Storing.Created(), catalog.store(first, deadline));
        assertEquals(new Lookup.Found(first), catalog.find(first.id(), deadline));
        Manifest second = Manifests.of("a/b/c", "g-2", 5, SOURCE);
        assertEquals(new Storing.Replaced(), catalog.store(second, deadline));
        assertEquals(new Lookup.Found(second), catalog.find(first.id(), deadline));
        assertEquals(List.of("a,b,c.json"), names(folder.resolve("made/when/needed")));
    }

    @Test
    void whoStoresWhileAnotherProcessDoesIsToldOfTheConflict() throws IOException {
        DirectoryCatalog catalog = new DirectoryCatalog(folder);
        Manifest first = Manifests.of("id", "g-1", 1, SOURCE);
        Manifest second = Manifests.of("id", "g-2", 2, SOURCE);
        catalog.store(first, deadline);
        try (FileChannel locks = FileChannel.open(folder.resolve(",lock"), StandardOpenOption.WRITE);
                FileLock _ = locks.lock()) {
            assertEquals(new Storing.Conflict(), catalog.store(second, deadline));
        }
        assertEquals(new Lookup.Found(first), catalog.find(first.id(), deadline));
        assertEquals(new Storing.Replaced(), catalog.store(second, deadline));
        assertEquals(List.of("id.json"), names(folder));
    }

    @Test
    void theLongestIdFitsAFileName() {
        DirectoryCatalog catalog = new DirectoryCatalog(folder);
        Manifest manifest = Manifests.full("x".repeat(200));
        assertEquals(new Storing.Created(), catalog.store(manifest, deadline));
        assertEquals(new Lookup.Found(manifest), catalog.find(manifest.id(), deadline));
    }

    @Test
    void aReaderNeverSeesHalfAFile() throws Exception {
        DirectoryCatalog catalog = new DirectoryCatalog(folder);
        catalog.store(Manifests.of("id", "g0", 0, SOURCE), deadline);
        CountDownLatch written = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> read = threads.submit(() -> {
                long seen = 0;
                while (written.getCount() > 0) {
                    Lookup lookup = catalog.find(new DownloadId("id"), deadline);
                    Manifest found =
                            assertInstanceOf(Lookup.Found.class, lookup).manifest();
                    assertEquals("g" + found.lengthBytes(), found.generation());
                    seen++;
                }
                return seen;
            });
            for (int number = 1; number <= 1_000; number++) {
                catalog.store(Manifests.of("id", "g" + number, number, SOURCE), deadline);
            }
            written.countDown();
            assertTrue(read.get(30, TimeUnit.SECONDS) > 0);
        }
        assertEquals(List.of("id.json"), names(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"id\":7}", "\u0000", "{\"id\":\"id\"} trailing"})
    void aBrokenFileIsUnavailableAndNamed(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("id.json"), text);
        Lookup lookup = new DirectoryCatalog(folder).find(new DownloadId("id"), deadline);
        String reason = assertInstanceOf(Lookup.Unavailable.class, lookup).reason();
        assertTrue(reason.contains(file.toString()), reason);
    }

    @Test
    void anotherIdsFileIsNotTheAnswer() throws IOException {
        DirectoryCatalog catalog = new DirectoryCatalog(folder);
        catalog.store(Manifests.full("NAME"), deadline);
        // As a file system that folds case would show it.
        Files.copy(folder.resolve("NAME.json"), folder.resolve("name.json"));
        assertEquals(new Lookup.Unknown(), catalog.find(new DownloadId("name"), deadline));
    }

    @Test
    void aFolderThatCannotBeWrittenIsAFailure() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in its place");
        DirectoryCatalog catalog = new DirectoryCatalog(file);
        Storing.Failed failed = assertInstanceOf(Storing.Failed.class, catalog.store(Manifests.full("id"), deadline));
        assertTrue(failed.reason().contains(file.toString()), failed.reason());
        assertEquals("in its place", Files.readString(file));
    }

    @Test
    void aManifestThatCannotBeReplacedStaysAndNothingElseIsLeft() throws IOException {
        // A folder with something in it cannot be replaced by a file.
        Path taken = Files.createDirectories(folder.resolve("id.json/something"));
        DirectoryCatalog catalog = new DirectoryCatalog(folder);
        assertInstanceOf(Storing.Failed.class, catalog.store(Manifests.full("id"), deadline));
        assertTrue(Files.isDirectory(taken));
        assertEquals(List.of("id.json"), names(folder));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(",lock"))
                    .sorted()
                    .toList();
        }
    }
}
