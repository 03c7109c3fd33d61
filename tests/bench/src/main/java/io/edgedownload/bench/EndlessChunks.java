package io.edgedownload.bench;

import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;

/** A process that writes chunks until it is killed, and says which it began. */
final class EndlessChunks {
    private EndlessChunks() {}

    /** Arguments: the folder, and which of its lives this is. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int life = Integer.parseInt(arguments[1]);
        Verifier verifier = new Verifier(Ticker.system());
        try (KillableChunks chunks = new KillableChunks(Path.of(arguments[0]))) {
            for (long index = 0; ; index++) {
                while (chunks.isBusy()) {
                    Thread.onSpinWait();
                }
                ChunkKey key = KillableChunks.key(life, index);
                System.out.println(index + " " + chunks.written());
                if (verifier.verify(Unpooled.directBuffer().writeBytes(KillableChunks.bytes(key)), null)
                                instanceof Verification.Verified verified
                        && chunks.obtain(
                                        key,
                                        new KillableChunks.Load(
                                                new Loaded.Ready(verified.chunk(), Loaded.Tier.ORIGIN, Timings.NONE)))
                                instanceof Obtained.Held held) {
                    held.chunk().release();
                }
            }
        }
    }
}
