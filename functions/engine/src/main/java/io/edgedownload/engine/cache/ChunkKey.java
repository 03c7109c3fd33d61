package io.edgedownload.engine.cache;

import io.edgedownload.engine.request.DownloadId;

/**
 * Names the bytes of one chunk for ever: another state of the object has another generation.
 *
 * @param index counted from 0
 * @param chunkSizeBytes the size that the object is cut by
 */
public record ChunkKey(DownloadId id, String generation, long index, int chunkSizeBytes) {}
