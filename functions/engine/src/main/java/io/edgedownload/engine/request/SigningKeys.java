package io.edgedownload.engine.request;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs downloads and verifies signatures: {@code v1.<keyId>.<expires>.<generation>.<mac>}, where the MAC is HMAC-SHA256
 * (RFC 2104) in base64url over
 *
 * <pre>v1\n&lt;keyId&gt;\n&lt;expires&gt;\n&lt;generation&gt;\n&lt;id&gt;\n&lt;chunk or *&gt;\n&lt;size or *&gt;</pre>
 *
 * <p>Several keys are accepted at once, so that a new one can be put to use before the old one is withdrawn.
 */
public final class SigningKeys {
    public static final int MAX_KEYS = 16;
    public static final int MIN_SECRET_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAX_TOKEN_CHARACTERS = 1 << 10;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern TOKEN =
            Pattern.compile("v1\\.([A-Za-z0-9_-]{1,64})\\.([0-9]{1,12})\\.([A-Za-z0-9_-]{1,64})\\.([A-Za-z0-9_-]{43})");

    private final Map<String, SecretKey> keys;
    private final String activeKeyId;

    /**
     * @param secrets by key id; 1–16 keys, ids of 1–64 {@code A-Z a-z 0-9 _ -}, secrets of at least 32 bytes
     * @param activeKeyId the key that signs
     * @throws IllegalArgumentException saying which rule is broken, without a secret
     */
    public SigningKeys(Map<String, byte[]> secrets, String activeKeyId) {
        if (secrets.isEmpty() || secrets.size() > MAX_KEYS) {
            throw new IllegalArgumentException("there must be 1 to " + MAX_KEYS + " keys, not " + secrets.size());
        }
        if (!secrets.containsKey(activeKeyId)) {
            throw new IllegalArgumentException("the active key '" + activeKeyId + "' is not among the keys");
        }
        this.keys = new HashMap<>();
        this.activeKeyId = activeKeyId;
        secrets.forEach((id, secret) -> keys.put(checkedId(id), key(id, secret)));
    }

    /** A signature by the active key. */
    public String sign(Grant grant, Instant expires) {
        long expiresSeconds = expires.getEpochSecond();
        byte[] mac = mac(key(activeKeyId), activeKeyId, expiresSeconds, grant);
        return "v1." + activeKeyId + "." + expiresSeconds + "." + grant.generation() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
    }

    /** What the signature is worth for the scope that is asked for. Takes the same time wherever a wrong MAC differs. */
    public Verification verify(String token, DownloadId id, Scope requested, Instant now) {
        Matcher fields = TOKEN.matcher(token);
        if (token.length() > MAX_TOKEN_CHARACTERS || !fields.matches()) {
            return new Verification.Invalid();
        }
        String keyId = fields.group(1);
        SecretKey key = keys.get(keyId);
        if (key == null) {
            return new Verification.UnknownKey();
        }
        long expiresSeconds = Long.parseLong(fields.group(2));
        String generation = fields.group(3);
        byte[] sent = Base64.getUrlDecoder().decode(fields.group(4));
        boolean forThis =
                MessageDigest.isEqual(sent, mac(key, keyId, expiresSeconds, new Grant(id, generation, requested)));
        boolean forAll = MessageDigest.isEqual(
                sent, mac(key, keyId, expiresSeconds, new Grant(id, generation, new Scope.Whole())));
        if (!forThis && !forAll) {
            return new Verification.Invalid();
        }
        // Only then: whether a signature has expired is told to nobody who could not have made it.
        return now.getEpochSecond() >= expiresSeconds
                ? new Verification.Expired()
                : new Verification.Granted(keyId, generation, Instant.ofEpochSecond(expiresSeconds));
    }

    @Override
    public String toString() {
        return "SigningKeys" + keys.keySet();
    }

    private SecretKey key(String keyId) {
        SecretKey key = keys.get(keyId);
        if (key == null) {
            throw new AssertionError("the active key is among the keys");
        }
        return key;
    }

    private static byte[] mac(SecretKey key, String keyId, long expiresSeconds, Grant grant) {
        String scope = switch (grant.scope()) {
            case Scope.Whole() -> "*\n*";
            case Scope.Chunk(ChunkReference chunk) -> chunk.number() + "\n" + chunk.sizeBytes();
        };
        String text = String.join(
                "\n",
                "v1",
                keyId,
                Long.toString(expiresSeconds),
                grant.generation(),
                grant.id().value(),
                scope);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every Java platform provides " + ALGORITHM, e);
        }
    }

    private static SecretKey key(String id, byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("the secret of key '" + id + "' must be at least " + MIN_SECRET_BYTES
                    + " bytes long, not " + secret.length);
        }
        return new SecretKeySpec(secret, ALGORITHM);
    }

    private static String checkedId(String id) {
        if (!KEY_ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a key id must be 1 to 64 of A-Z a-z 0-9 _ -");
        }
        return id;
    }
}
