package io.edgedownload.contract;

import java.net.URI;
import java.util.Optional;

/**
 * Where the target is and what the suite was given to work with. Whatever is empty costs the rows that need it.
 *
 * @param url of the edge, without a path; {@code edge.access=open}
 * @param adminToken for publish, warm and evict
 * @param signedUrl of a second edge over the same catalog and keys with {@code edge.access=signed}
 * @param signingKey one of the keys of both
 * @param corsOrigin an origin in {@code edge.cors.origins}
 */
record Access(
        URI url,
        Optional<String> adminToken,
        Optional<URI> signedUrl,
        Optional<SigningKey> signingKey,
        Optional<String> corsOrigin) {

    private static final String PREFIX = "edge.contract.";

    /** What the system properties say; empty without {@code edge.contract.url}. */
    static Optional<Access> fromProperties() {
        return property("url")
                .map(url -> new Access(
                        URI.create(url.replaceFirst("/+$", "")),
                        property("admin-token"),
                        property("signed-url").map(signed -> URI.create(signed.replaceFirst("/+$", ""))),
                        property("signing-key").map(Access::signingKey),
                        property("cors-origin")));
    }

    /** {@code keyId:secret}. */
    private static SigningKey signingKey(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(PREFIX + "signing-key is not of the form keyId:secret");
        }
        return new SigningKey(text.substring(0, colon), text.substring(colon + 1));
    }

    private static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty(PREFIX + name)).filter(value -> !value.isBlank());
    }
}
