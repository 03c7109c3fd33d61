package io.edgedownload.engine.request;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys are taken, and that none of them is ever shown. */
final class SigningKeysSetupTest {
    private static final String SECRET_TEXT = "correct-horse-battery-staple-123";
    private static final byte[] SECRET = SECRET_TEXT.getBytes(US_ASCII);

    @Test
    void takesOneToSixteenKeys() {
        assertEquals("SigningKeys[k1]", keys(1).toString());
        assertTrue(keys(16).toString().contains("k16"));
        assertTrue(refusal(Map.of(), "k1").contains("1 to 16 keys"));
        assertTrue(refusal(secrets(17), "k1").contains("1 to 16 keys, not 17"));
    }

    @Test
    void refusesASecretShorterThan32BytesAndNamesItsKey() {
        String message = refusal(Map.of("k1", Arrays.copyOf(SECRET, 31)), "k1");
        assertTrue(message.contains("'k1'") && message.contains("32 bytes") && message.contains("31"), message);
        assertFalse(message.contains(SECRET_TEXT.substring(0, 8)), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.b",
                "a b",
                "a\n",
                "\u00e9",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void refusesAKeyIdThatATokenCannotHold(String keyId) {
        assertTrue(refusal(Map.of(keyId, SECRET), keyId).contains("1 to 64 of A-Z a-z 0-9 _ -"));
    }

    @Test
    void refusesAnActiveKeyThatIsNoneAndDoesNotRepeatIt() {
        String message = refusal(Map.of("k1", SECRET), SECRET_TEXT);
        assertTrue(message.contains("active key") && message.contains("[k1]"), message);
        assertFalse(message.contains(SECRET_TEXT), message);
    }

    @Test
    void showsNoSecret() {
        String shown = new SigningKeys(Map.of("k1", SECRET), "k1").toString();
        assertEquals("SigningKeys[k1]", shown);
    }

    @Test
    void doesNotChangeWithTheCallersArrays() {
        byte[] secret = SECRET.clone();
        Map<String, byte[]> secrets = new HashMap<>(Map.of("k1", secret));
        SigningKeys keys = new SigningKeys(secrets, "k1");
        DownloadId id = new DownloadId("a");
        Instant now = Instant.ofEpochSecond(1);
        String token = keys.sign(new Grant(id, "g", new Scope.Whole()), now.plusSeconds(1));
        Arrays.fill(secret, (byte) 0);
        secrets.clear();
        assertInstanceOf(Verification.Granted.class, keys.verify(token, id, new Scope.Whole(), now));
    }

    private static SigningKeys keys(int count) {
        return new SigningKeys(secrets(count), "k1");
    }

    private static Map<String, byte[]> secrets(int count) {
        Map<String, byte[]> secrets = new HashMap<>();
        for (int key = 1; key <= count; key++) {
            secrets.put("k" + key, SECRET);
        }
        return secrets;
    }

    private static String refusal(Map<String, byte[]> secrets, String activeKeyId) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> new SigningKeys(secrets, activeKeyId))
                .getMessage());
    }
}
