package io.edgedownload.coordinator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secret that edges and operators share with coordinators; empty when there is none, and nobody has it. */
record Token(Optional<String> secret) {
    private static final String BEARER = "Bearer ";

    /** Whether a field {@code authorization} holds it. Takes as long for one wrong token as for another. */
    boolean isIn(@Nullable String authorization) {
        return secret.isPresent()
                && authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        bytes(authorization.substring(BEARER.length()).strip()), bytes(secret.get()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Token[" + (secret.isPresent() ? "set" : "none") + "]";
    }
}
