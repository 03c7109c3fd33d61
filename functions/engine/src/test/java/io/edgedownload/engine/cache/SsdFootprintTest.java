package io.edgedownload.engine.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.ManualTicker;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index of a large disk takes. */
final class SsdFootprintTest {
    private static final int CHUNKS = 20_000;
    private static final int MAX_BYTES_A_CHUNK = 200;

    @Test
    void aChunkOnDiskTakesLittleMemory(@TempDir Path directory) throws Exception {
        ManualTicker ticker = new ManualTicker();
        ChunkFolder.open(directory, Fsync.NEVER, ticker).close();
        DownloadId id = new DownloadId("images/a.iso");
        for (long index = 0; index < CHUNKS; index++) {
            ChunkName name = ChunkName.of(new ChunkKey(id, "gen-1", index, 4 << 20));
            ChunkName.Filed filed = new ChunkName.Filed(name, 4 << 20);
            Files.createFile(directory.resolve("chunks").resolve(filed.folder()).resolve(filed.file()));
        }
        SsdTier.Settings settings = new SsdTier.Settings(directory, Long.MAX_VALUE / 2, 0, Fsync.NEVER, 1 << 20, 10, 0);
        try (SsdTier tier = new SsdTier(settings, Runnable::run, ticker, ticker, new SilentListener())) {
            long before = usedBytes();
            tier.start();
            long each = (usedBytes() - before) / CHUNKS;

            assertEquals(CHUNKS, tier.statistics().chunks());
            assertTrue(each <= MAX_BYTES_A_CHUNK, each + " bytes a chunk");
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static final class SilentListener implements SsdTier.Listener {
        @Override
        public void usable(Path directory, long chunks) {}

        @Override
        public void unusable(Path directory, Trouble trouble, String detail) {}

        @Override
        public void bad(String file, String reason) {}
    }
}
