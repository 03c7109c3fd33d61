package io.edgedownload.contract;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signing key of the target, with the contract's own recipe for {@code sig}, so that rows can sign what {@code
 * /resolve} never would.
 *
 * @param secret base64url, as configured
 */
record SigningKey(String keyId, String secret) {

    /** The grant of a whole object and any range of it. */
    static final String ANY = "*";

    /**
     * A token over {@code chunk} and {@code size} of an object, both {@link #ANY} for the whole.
     *
     * @param expires seconds since the epoch
     */
    String token(String id, String generation, long expires, String chunk, String size) {
        String granted = String.join("\n", "v1", keyId, Long.toString(expires), generation, id, chunk, size);
        return "v1." + keyId + "." + expires + "." + generation + "." + mac(granted);
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(secret), "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
