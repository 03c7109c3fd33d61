package io.edgedownload.engine.request;

import java.util.regex.Pattern;

/**
 * What a signature allows.
 *
 * @param generation the state of the object that it is for; 1–64 of {@code A-Z a-z 0-9 _ -}
 */
public record Grant(DownloadId id, String generation, Scope scope) {
    private static final Pattern GENERATION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the generation could be taken for another part of a signed text
     */
    public Grant {
        if (!GENERATION.matcher(generation).matches()) {
            throw new IllegalArgumentException("a generation must be 1 to 64 of A-Z a-z 0-9 _ -");
        }
    }
}
