package io.edgedownload.engine.request;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
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
    private static final int MAX_KEYS = 16;
    private static final int MIN_SECRET_BYTES = 32;

    private static final String VERSION = "v1";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAX_TOKEN_CHARACTERS = 1 << 10;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** The last second that twelve digits can write: in the year 33658. */
    private static final long MAX_EXPIRES_SECONDS = 999_999_999_999L;

    /** The number of seconds in its only form, so that a signature cannot be written in two ways. */
    private static final Pattern TOKEN = Pattern.compile(
            "v1\\.([A-Za-z0-9_-]{1,64})\\.(0|[1-9][0-9]{0,11})\\.([A-Za-z0-9_-]{1,64})\\.([A-Za-z0-9_-]{43})");

    private final Map<String, SecretKey> keys;
    private final String activeKeyId;
    private final SecretKey activeKey;

    /**
     * The keys of a deployment. The secrets are copied.
     *
     * @param secrets by key id; 1–16 keys, ids of 1–64 {@code A-Z a-z 0-9 _ -}, secrets of at least 32 bytes
     * @param activeKeyId the key that signs
     * @throws IllegalArgumentException saying which rule is broken, without a secret
     */
    public SigningKeys(Map<String, byte[]> secrets, String activeKeyId) {
        if (secrets.isEmpty() || secrets.size() > MAX_KEYS) {
            throw new IllegalArgumentException("there must be 1 to " + MAX_KEYS + " keys, not " + secrets.size());
        }
        this.keys = new TreeMap<>();
        secrets.forEach((id, secret) -> keys.put(checkedId(id), key(id, secret)));
        SecretKey active = keys.get(activeKeyId);
        if (active == null) {
            // Not quoted: what is no key's id may be a secret in the wrong place.
            throw new IllegalArgumentException("the active key must be one of " + keys.keySet());
        }
        this.activeKeyId = activeKeyId;
        this.activeKey = active;
    }

    /**
     * A signature by the active key.
     *
     * @param expires cut to the second, from which on it is worth nothing
     * @throws IllegalArgumentException when that is before 1970, or so late that a token cannot hold it
     */
    public String sign(Grant grant, Instant expires) {
        long expiresSeconds = expires.getEpochSecond();
        if (expiresSeconds < 0 || expiresSeconds > MAX_EXPIRES_SECONDS) {
            throw new IllegalArgumentException("a signature must expire 0 to " + MAX_EXPIRES_SECONDS
                    + " seconds after 1970, not " + expiresSeconds);
        }
        return String.join(
                ".",
                VERSION,
                activeKeyId,
                Long.toString(expiresSeconds),
                grant.generation(),
                mac(activeKey, activeKeyId, expiresSeconds, grant));
    }

    /**
     * What a signature is worth for what is asked for. Takes the same time wherever a wrong MAC differs.
     *
     * @param token at most 1024 characters; longer ones are invalid, unread
     */
    public Verification verify(String token, DownloadId id, Scope requested, Instant now) {
        if (token.length() > MAX_TOKEN_CHARACTERS) {
            return new Verification.Invalid();
        }
        Matcher fields = TOKEN.matcher(token);
        if (!fields.matches()) {
            return new Verification.Invalid();
        }
        String keyId = fields.group(1);
        SecretKey key = keys.get(keyId);
        if (key == null) {
            return new Verification.UnknownKey();
        }
        long expiresSeconds = Long.parseLong(fields.group(2));
        String generation = fields.group(3);
        String mac = fields.group(4);
        boolean forThis = same(mac, mac(key, keyId, expiresSeconds, new Grant(id, generation, requested)));
        boolean forAll = same(mac, mac(key, keyId, expiresSeconds, new Grant(id, generation, new Scope.Whole())));
        if (!forThis && !forAll) {
            return new Verification.Invalid();
        }
        // Only then: whether a signature has expired is told to nobody who could not have made it.
        Instant expires = Instant.ofEpochSecond(expiresSeconds);
        return now.isBefore(expires)
                ? new Verification.Granted(keyId, generation, expires)
                : new Verification.Expired();
    }

    @Override
    public String toString() {
        return "SigningKeys" + keys.keySet();
    }

    /** Compared as text: base64 can write the same bytes in several ways, of which one is the signature. */
    private static boolean same(String sent, String right) {
        return MessageDigest.isEqual(
                sent.getBytes(StandardCharsets.US_ASCII), right.getBytes(StandardCharsets.US_ASCII));
    }

    /** The MAC of the canonical text, in base64url without padding. */
    private static String mac(SecretKey key, String keyId, long expiresSeconds, Grant grant) {
        String scope = switch (grant.scope()) {
            case Scope.Whole() -> "*\n*";
            case Scope.Chunk(ChunkReference chunk) -> chunk.number() + "\n" + chunk.sizeBytes();
        };
        String text = String.join(
                "\n",
                VERSION,
                keyId,
                Long.toString(expiresSeconds),
                grant.generation(),
                grant.id().value(),
                scope);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] bytes = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
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
