package io.edgedownload.engine.cache;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** Writes chunks to a folder until it is killed, and says so after each. */
public final class EndlessWriter {
    static final int CHUNK = 64 << 10;

    /** It goes round, and overwrites what it wrote. */
    static final int KEYS = 64;

    private EndlessWriter() {}

    /** Arguments: the folder, and the first index. */
    public static void main(String[] arguments) throws IOException {
        Verifier verifier = new Verifier(Ticker.system());
        try (ChunkFolder folder = ChunkFolder.open(Path.of(arguments[0]), Fsync.NEVER, Ticker.system())) {
            for (long index = Long.parseLong(arguments[1]); ; index++) {
                ChunkKey key = key(index % KEYS);
                if (verifier.verify(Unpooled.directBuffer().writeBytes(bytes(key)), null)
                        instanceof Verification.Verified(MemoryChunk chunk)) {
                    folder.write(key, chunk).release();
                    chunk.release();
                }
                System.out.println(index);
            }
        }
    }

    static ChunkKey key(long index) {
        return new ChunkKey(new DownloadId("file"), "gen-1", index, CHUNK);
    }

    static byte[] bytes(ChunkKey key) {
        byte[] bytes = new byte[CHUNK];
        new Random(key.index()).nextBytes(bytes);
        return bytes;
    }
}
