package io.edgedownload.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;

/** The names of many chunks on disk. At the start the cache reads names alone, so there is nothing in the files. */
final class ChunkFiles {
    private static final int CHUNK_BYTES = 64 << 10;

    private ChunkFiles() {}

    /** Makes a folder of the cache that seems to hold so many chunks. */
    static Path in(Path folder, int count) throws IOException {
        Path chunks = folder.resolve("chunks");
        HexFormat hex = HexFormat.of();
        for (int prefix = 0; prefix < 256; prefix++) {
            Files.createDirectories(chunks.resolve(hex.toHexDigits((byte) prefix)));
        }
        Random random = new Random(10);
        for (int file = 0; file < count; file++) {
            String chunk = hex.toHexDigits(random.nextLong());
            Files.createFile(chunks.resolve(chunk.substring(0, 2))
                    .resolve(hex.toHexDigits(random.nextLong()) + "-" + chunk + "-" + CHUNK_BYTES));
        }
        return folder;
    }
}
