package io.edgedownload.engine.request;

/** What a request for a download is about. */
public sealed interface Target {
    /** The object, or the part of it that Range selects. */
    record WholeObject() implements Target {}

    record Chunk(ChunkReference chunk) implements Target {}
}
