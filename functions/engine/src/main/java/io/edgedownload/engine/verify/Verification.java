package io.edgedownload.engine.verify;

/** What came of checking a chunk's bytes. */
public sealed interface Verification {
    /** The one reference to the chunk is the receiver's. */
    record Verified(MemoryChunk chunk) implements Verification {}

    /** They are not the bytes that were published; their memory is freed. */
    record Corrupt(String expectedSha256, String actualSha256) implements Verification {}
}
