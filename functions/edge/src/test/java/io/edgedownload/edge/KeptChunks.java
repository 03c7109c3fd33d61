package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.Piece;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Chunks in files and in memory, each held once as a cache holds it, that know whether all others let go of them. */
final class KeptChunks {
    private final Path folder;
    private final Random random = new Random(5);
    private final Map<VerifiedChunk, Kept> kept = new ConcurrentHashMap<>();

    private final Set<VerifiedChunk> released = ConcurrentHashMap.newKeySet();

    private record Kept(Content content, Path path, CompletableFuture<Boolean> freed) {}

    private static final class Content {
        private final byte[] bytes;

        Content(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    KeptChunks(Path folder) {
        this.folder = folder;
    }

    VerifiedChunk file(int lengthBytes) throws IOException {
        byte[] bytes = bytes(lengthBytes);
        Path path = Files.write(folder.resolve("chunk-" + kept.size()), bytes);
        FileChannel open = FileChannel.open(path, StandardOpenOption.READ);
        byte[] sha256 = Verifier.sha256().digest(bytes);
        return keep(new FileChunk(open, 0, lengthBytes, sha256, Ticker.system().nanos()), bytes, path);
    }

    VerifiedChunk memory(int lengthBytes) {
        byte[] bytes = bytes(lengthBytes);
        Verification verification = new Verifier(Ticker.system())
                .verify(Unpooled.directBuffer(lengthBytes).writeBytes(bytes), null);
        VerifiedChunk chunk =
                assertInstanceOf(Verification.Verified.class, verification).chunk();
        return keep(chunk, bytes, Path.of(""));
    }

    /** In memory that is used for something else as soon as the chunk is freed. */
    VerifiedChunk reused(int lengthBytes) {
        byte[] bytes = bytes(lengthBytes);
        ByteBuffer memory = ByteBuffer.allocateDirect(lengthBytes).put(bytes).flip();
        Verification verification =
                new Verifier(Ticker.system()).verify(Unpooled.wrappedBuffer(memory.duplicate()), null);
        VerifiedChunk chunk =
                assertInstanceOf(Verification.Verified.class, verification).chunk();
        CompletableFuture<Boolean> freed = new CompletableFuture<>();
        chunk.whenFreed(() -> {
            for (int index = 0; index < lengthBytes; index++) {
                memory.put(index, (byte) ~bytes[index]);
            }
            freed.complete(true);
        });
        kept.put(chunk, new Kept(new Content(bytes), Path.of(""), freed));
        return chunk;
    }

    static Piece.Slice whole(VerifiedChunk chunk) {
        return slice(chunk, 0, chunk.lengthBytes());
    }

    static Piece.Slice slice(VerifiedChunk chunk, int offset, int lengthBytes) {
        return new Piece.Slice(chunk, offset, lengthBytes, new Obtained.Way.Hit());
    }

    /** Cuts the file of a chunk off. */
    void cut(Piece.Slice slice, long lengthBytes) throws IOException {
        try (FileChannel cutter = FileChannel.open(kept(slice).path(), StandardOpenOption.WRITE)) {
            cutter.truncate(lengthBytes);
        }
    }

    /** The right bytes of a body. */
    byte[] bytes(Piece.Slice... slices) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Piece.Slice slice : slices) {
            body.write(kept(slice).content().bytes, slice.offset(), slice.lengthBytes());
        }
        return body.toByteArray();
    }

    /** Lets go of one chunk, as a cache that evicts it. */
    void release(Piece.Slice slice) {
        slice.chunk().release();
        released.add(slice.chunk());
    }

    /** Lets go of every chunk, and waits until they are freed, as they are when nobody else holds them. */
    void drain() throws Exception {
        kept.keySet().stream().filter(chunk -> !released.contains(chunk)).forEach(VerifiedChunk::release);
        for (Kept each : kept.values()) {
            assertTrue(each.freed().get(1, TimeUnit.MINUTES));
        }
        kept.clear();
    }

    private Kept kept(Piece.Slice slice) {
        return Objects.requireNonNull(kept.get(slice.chunk()));
    }

    private byte[] bytes(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return bytes;
    }

    private VerifiedChunk keep(VerifiedChunk chunk, byte[] bytes, Path path) {
        CompletableFuture<Boolean> freed = new CompletableFuture<>();
        chunk.whenFreed(() -> freed.complete(true));
        kept.put(chunk, new Kept(new Content(bytes), path, freed));
        return chunk;
    }
}
