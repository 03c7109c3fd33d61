package io.edgedownload.engine.request;

/** How much a signature grants. */
public sealed interface Scope {
    /** The object, any range and any chunk of it. */
    record Whole() implements Scope {}

    /** One chunk. */
    record Chunk(ChunkReference chunk) implements Scope {}
}
