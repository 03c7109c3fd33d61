package io.edgedownload.engine.catalog;

import java.util.List;
import java.util.regex.Pattern;

/**
 * SHA-256 digests in lower-case hexadecimal.
 *
 * @param wholeSha256 of the object
 * @param chunkSha256 of each of its chunks, in order
 */
public record Digests(String wholeSha256, List<String> chunkSha256) {
    private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");

    public Digests {
        chunkSha256 = List.copyOf(chunkSha256);
        requireSha256(wholeSha256);
        chunkSha256.forEach(Digests::requireSha256);
    }

    private static void requireSha256(String hex) {
        if (!SHA256_HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a digest must be 64 lower-case hexadecimal digits");
        }
    }
}
