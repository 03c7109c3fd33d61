package io.edgedownload.engine.cache;

/**
 * A chunk that is asked for often.
 *
 * @param lengthBytes of the chunk, at least 1
 * @param score how often it was asked for, where a request counts half after each {@link HotCounts#HALF_LIFE}
 */
public record HotChunk(ChunkKey key, int lengthBytes, double score) {
    public HotChunk {
        if (lengthBytes < 1 || !(score >= 0)) {
            throw new IllegalArgumentException("not a length and a score: " + lengthBytes + ", " + score);
        }
    }
}
