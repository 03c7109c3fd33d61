package io.edgedownload.engine.cache;

import io.edgedownload.engine.request.DownloadId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the bytes of a chunk in its file and says what they are:
 *
 * <pre>
 * id, generation                       as many octets as the two lengths below say
 * magic 8, format version 4, length of id 4, of generation 4
 * index 8, chunk size 4, length 4
 * SHA-256 of the chunk's bytes 32
 * CRC-32C of the trailer up to here 4
 * </pre>
 *
 * Numbers are big-endian. It is at the end so that the file can be written in one go, and read from a known place.
 */
final class Trailer {
    static final int FIXED_BYTES = 72;
    static final int MAX_BYTES = FIXED_BYTES + 200 + 64;
    private static final long MAGIC = 0x4544474543484b31L;
    private static final int VERSION = 1;
    private static final int DIGEST_BYTES = 32;

    private final ChunkKey key;
    private final int lengthBytes;
    private final byte[] sha256;

    /** @param sha256 of the chunk's bytes; 32 octets, taken over */
    Trailer(ChunkKey key, int lengthBytes, byte[] sha256) {
        this.key = key;
        this.lengthBytes = lengthBytes;
        this.sha256 = sha256;
    }

    ChunkKey key() {
        return key;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    byte[] sha256() {
        return sha256;
    }

    /** How long it is itself. */
    int ownBytes() {
        return FIXED_BYTES + key.id().value().length() + key.generation().length();
    }

    ByteBuffer write() {
        byte[] id = key.id().value().getBytes(StandardCharsets.US_ASCII);
        byte[] generation = key.generation().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + id.length + generation.length)
                .put(id)
                .put(generation)
                .putLong(MAGIC)
                .putInt(VERSION)
                .putInt(id.length)
                .putInt(generation.length)
                .putLong(key.index())
                .putInt(key.chunkSizeBytes())
                .putInt(lengthBytes)
                .put(sha256);
        return bytes.putInt(checksum(bytes.duplicate().flip())).flip();
    }

    /**
     * Null when it is none, or of another version.
     *
     * @param end the last bytes of a file, {@link #MAX_BYTES} unless it is shorter
     */
    static @Nullable Trailer read(ByteBuffer end) {
        int fixedAt = end.limit() - FIXED_BYTES;
        if (fixedAt < 0 || end.getLong(fixedAt) != MAGIC || end.getInt(fixedAt + 8) != VERSION) {
            return null;
        }
        int idBytes = end.getInt(fixedAt + 12);
        int generationBytes = end.getInt(fixedAt + 16);
        long startAt = (long) fixedAt - idBytes - generationBytes;
        if (idBytes < 1 || generationBytes < 1 || startAt < 0) {
            return null;
        }
        ByteBuffer summed = end.slice((int) startAt, end.limit() - (int) startAt - Integer.BYTES);
        if (checksum(summed) != end.getInt(end.limit() - Integer.BYTES)) {
            return null;
        }
        byte[] sha256 = new byte[DIGEST_BYTES];
        end.get(fixedAt + 36, sha256);
        ChunkKey key = new ChunkKey(
                new DownloadId(text(end, (int) startAt, idBytes)),
                text(end, (int) startAt + idBytes, generationBytes),
                end.getLong(fixedAt + 20),
                end.getInt(fixedAt + 28));
        return new Trailer(key, end.getInt(fixedAt + 32), sha256);
    }

    private static String text(ByteBuffer from, int at, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        from.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
