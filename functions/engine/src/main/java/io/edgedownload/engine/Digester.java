package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.connect.Holder;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verifier;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads an object once, chunk by chunk, to learn its digests. Holds one chunk at a time. */
public final class Digester {
    private final OriginTier origin;

    public Digester(OriginTier origin) {
        this.origin = origin;
    }

    sealed interface Digested {
        record Read(Digests digests) implements Digested {}

        record Unreadable(Failure failure) implements Digested {}
    }

    Digested digest(Manifest manifest, Deadline deadline) throws InterruptedException {
        MessageDigest whole = Verifier.sha256();
        List<String> chunks = new ArrayList<>();
        for (long index = 0; index < manifest.chunkCount(); index++) {
            switch (load(manifest, index, deadline)) {
                case Loaded.Ready ready -> {
                    MemoryChunk chunk = ready.chunk();
                    chunk.update(whole, 0, chunk.lengthBytes());
                    chunks.add(HexFormat.of().formatHex(chunk.sha256()));
                    chunk.release();
                }
                case Loaded.Unavailable(Failure failure) -> {
                    return new Digested.Unreadable(failure);
                }
            }
        }
        return new Digested.Read(new Digests(HexFormat.of().formatHex(whole.digest()), chunks));
    }

    private Loaded load(Manifest manifest, long index, Deadline deadline) throws InterruptedException {
        try (Filling filling = new Filling(manifest, index, Holder.NOBODY.tenant())) {
            return origin.load(filling, false, deadline);
        }
    }
}
