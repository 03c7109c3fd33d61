package io.edgedownload.edge;

import io.edgedownload.engine.request.ChunkReference;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;

/** How large the body of a download may be that goes through here: a platform that buffers answers limits it. */
@Singleton
final class AnswerLimit {
    private final long maxBytes;

    AnswerLimit(EdgeConfig config) {
        this.maxBytes = config.client().answerMax().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
    }

    boolean isExceededBy(long lengthBytes) {
        return lengthBytes > maxBytes;
    }

    /** The size itself, or the largest size of chunks below it that can go through here; at least the smallest there is. */
    int chunkSizeBytes(int sizeBytes) {
        long fittingBytes = Math.max(ChunkReference.MIN_SIZE_BYTES, Long.highestOneBit(maxBytes));
        return (int) Math.min(sizeBytes, fittingBytes);
    }

    /** For what can neither go through here nor be had from S3. */
    Problem problem() {
        return Problem.of(
                ProblemType.ANSWER_TOO_LARGE,
                "At most " + maxBytes + " bytes fit into one answer here; ask for smaller ranges or chunks.");
    }
}
