package io.edgedownload.engine.cache;

import io.edgedownload.engine.request.DownloadId;
import java.util.HexFormat;

/**
 * Names the bytes of one chunk for ever: another state of the object has another generation.
 *
 * @param index counted from 0
 * @param chunkSizeBytes the size that the object is cut by
 */
public record ChunkKey(DownloadId id, String generation, long index, int chunkSizeBytes) {
    /** A hash of all four, 32 hexadecimal digits: what its file is called by. */
    public String hash() {
        ChunkName name = ChunkName.of(this);
        return HexFormat.of().toHexDigits(name.download()) + HexFormat.of().toHexDigits(name.chunk());
    }
}
