package io.edgedownload.engine.request;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signature grants, and that nothing else does. */
final class SigningKeysTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] OTHER_SECRET = "fedcba9876543210fedcba9876543210".getBytes(US_ASCII);

    private static final SigningKeys KEYS = new SigningKeys(Map.of("k1", SECRET, "k2", OTHER_SECRET), "k1");

    private static final DownloadId ID = new DownloadId("images/a.iso");
    private static final Instant EXPIRES = Instant.ofEpochSecond(1_800_000_000L);
    private static final Instant BEFORE = EXPIRES.minusSeconds(60);

    private static final Scope CHUNK = new Scope.Chunk(new ChunkReference(7, 4194304));
    private static final Scope WHOLE = new Scope.Whole();

    private static final Verification GRANTED = new Verification.Granted("k1", "gen-1", EXPIRES);
    private static final Verification INVALID = new Verification.Invalid();

    @Test
    void signsTheCanonicalTextOfAChunk() throws GeneralSecurityException {
        String text = "v1\nk1\n1800000000\ngen-1\nimages/a.iso\n7\n4194304";
        assertEquals("v1.k1.1800000000.gen-1." + mac(SECRET, text), token(CHUNK));
        // The same by another implementation: openssl dgst -sha256 -mac HMAC.
        assertEquals("v1.k1.1800000000.gen-1.ofdKsf5dbI1YSZGZgIUZcDNE3gz0Kj-2ukMbQcSo6b0", token(CHUNK));
    }

    @Test
    void signsTheCanonicalTextOfTheWhole() throws GeneralSecurityException {
        String text = "v1\nk1\n1800000000\ngen-1\nimages/a.iso\n*\n*";
        assertEquals("v1.k1.1800000000.gen-1." + mac(SECRET, text), token(WHOLE));
        assertEquals("v1.k1.1800000000.gen-1.OCySakLxMwIcagvVOYLWST5ejabv-RNxgUQ93_lVwRQ", token(WHOLE));
    }

    @Test
    void writesChunkNumbersWithoutLeadingZeros() {
        Scope asked = new Scope.Chunk(ChunkReference.parse("0007", "04194304", ChunkReference.DEFAULT_SIZE_BYTES));
        assertEquals(GRANTED, KEYS.verify(token(CHUNK), ID, asked, BEFORE));
    }

    @Test
    void theWholeGrantsItselfAndEveryChunk() {
        assertEquals(GRANTED, KEYS.verify(token(WHOLE), ID, WHOLE, BEFORE));
        assertEquals(GRANTED, KEYS.verify(token(WHOLE), ID, CHUNK, BEFORE));
        assertEquals(GRANTED, KEYS.verify(token(WHOLE), ID, chunk(1, 65536), BEFORE));
    }

    @Test
    void aChunkGrantsItselfAlone() {
        assertEquals(GRANTED, KEYS.verify(token(CHUNK), ID, CHUNK, BEFORE));
        assertEquals(INVALID, KEYS.verify(token(CHUNK), ID, WHOLE, BEFORE));
        assertEquals(INVALID, KEYS.verify(token(CHUNK), ID, chunk(8, 4194304), BEFORE));
        assertEquals(INVALID, KEYS.verify(token(CHUNK), ID, chunk(7, 8388608), BEFORE));
    }

    @Test
    void anotherIdIsNotGranted() {
        assertEquals(INVALID, KEYS.verify(token(WHOLE), new DownloadId("images/b.iso"), WHOLE, BEFORE));
        assertEquals(INVALID, KEYS.verify(token(WHOLE), new DownloadId("images"), WHOLE, BEFORE));
    }

    @Test
    void everyFieldOfATokenIsSigned() {
        String mac = token(WHOLE).substring("v1.k1.1800000000.gen-1.".length());
        assertEquals(GRANTED, verifyWhole("v1.k1.1800000000.gen-1." + mac));
        assertEquals(INVALID, verifyWhole("v2.k1.1800000000.gen-1." + mac));
        assertEquals(INVALID, verifyWhole("v1.k2.1800000000.gen-1." + mac));
        assertEquals(INVALID, verifyWhole("v1.k1.1800000001.gen-1." + mac));
        assertEquals(INVALID, verifyWhole("v1.k1.1800000000.gen-2." + mac));
        assertEquals(INVALID, verifyWhole("v1.k1.1800000000.gen-1." + "A".repeat(43)));
    }

    /** Also the last one, of which base64 reads only four bits. */
    @Test
    void noCharacterOfATokenCanBeExchanged() {
        String token = token(WHOLE);
        for (int at = 0; at < token.length(); at++) {
            for (char c = 0; c < 256; c++) {
                String changed = token.substring(0, at) + c + token.substring(at + 1);
                assertEquals(changed.equals(token), verifyWhole(changed) instanceof Verification.Granted, changed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "....",
                "v1",
                "v1.k1",
                "v1.k1.1800000000.gen-1",
                "v1.k1.1800000000.gen-1.",
                "v1.k1..gen-1.MAC",
                "v1..1800000000.gen-1.MAC",
                "v1.k1.1800000000..MAC",
                "v1.k1.01800000000.gen-1.MAC",
                "v1.k1.+1800000000.gen-1.MAC",
                "v1.k1.-1.gen-1.MAC",
                "v1.k1.1800000000000.gen-1.MAC",
                "v1.k1.18e8.gen-1.MAC",
                "v1.k1.1800000000.gen\n1.MAC",
                "V1.k1.1800000000.gen-1.MAC",
                "v1.k1.1800000000.gen-1.MAC=",
                "v1.k1.1800000000.gen-1.MAC\n",
                " v1.k1.1800000000.gen-1.MAC",
                "v1.k1.1800000000.gen-1.MAC.MAC",
                "v1.k9.1800000000.gen-1.short",
                "\u0661.k1.1800000000.gen-1.MAC"
            })
    void malformedTokensAreInvalid(String pattern) {
        String mac = token(WHOLE).substring(token(WHOLE).lastIndexOf('.') + 1);
        assertEquals(INVALID, verifyWhole(pattern.replace("MAC", mac)));
    }

    @Test
    void tokensOverOneKiBAreInvalid() {
        assertEquals(INVALID, verifyWhole(token(WHOLE) + "A".repeat(1024)));
        assertEquals(INVALID, verifyWhole("v1.".repeat(1 << 20)));
    }

    @Test
    void expiresWithTheSecondItNames() {
        Instant last = EXPIRES.minusNanos(1);
        assertEquals(GRANTED, KEYS.verify(token(WHOLE), ID, WHOLE, last));
        assertEquals(new Verification.Expired(), KEYS.verify(token(WHOLE), ID, WHOLE, EXPIRES));
        assertEquals(new Verification.Expired(), KEYS.verify(token(CHUNK), ID, CHUNK, EXPIRES.plusSeconds(86_400)));
    }

    @Test
    void aWrongMacIsInvalidWhetherExpiredOrNot() {
        String wrong = "v1.k1.1800000000.gen-1." + "A".repeat(43);
        assertEquals(INVALID, KEYS.verify(wrong, ID, WHOLE, BEFORE));
        assertEquals(INVALID, KEYS.verify(wrong, ID, WHOLE, EXPIRES.plusSeconds(1)));
        assertEquals(INVALID, KEYS.verify(token(CHUNK), ID, WHOLE, EXPIRES.plusSeconds(1)));
    }

    @Test
    void anUnknownKeyIsUnknownWhateverTheRest() {
        String unknown = "v1.k9.1800000000.gen-1." + "A".repeat(43);
        assertEquals(new Verification.UnknownKey(), KEYS.verify(unknown, ID, WHOLE, BEFORE));
        assertEquals(new Verification.UnknownKey(), KEYS.verify(unknown, ID, WHOLE, EXPIRES.plusSeconds(1)));
    }

    @Test
    void keysRotateWithoutRefusingWhatWasSigned() {
        SigningKeys before = new SigningKeys(Map.of("old", SECRET), "old");
        SigningKeys during = new SigningKeys(Map.of("old", SECRET, "new", OTHER_SECRET), "new");
        SigningKeys after = new SigningKeys(Map.of("new", OTHER_SECRET), "new");
        String old = before.sign(grant(WHOLE), EXPIRES);
        String fresh = during.sign(grant(WHOLE), EXPIRES);
        assertEquals(new Verification.Granted("old", "gen-1", EXPIRES), during.verify(old, ID, WHOLE, BEFORE));
        assertEquals(new Verification.Granted("new", "gen-1", EXPIRES), during.verify(fresh, ID, WHOLE, BEFORE));
        assertEquals(new Verification.UnknownKey(), after.verify(old, ID, WHOLE, BEFORE));
        assertEquals(new Verification.Granted("new", "gen-1", EXPIRES), after.verify(fresh, ID, WHOLE, BEFORE));
    }

    @Test
    void aKeyOfTheSameNameWithAnotherSecretIsNoSubstitute() {
        SigningKeys replaced = new SigningKeys(Map.of("k1", OTHER_SECRET), "k1");
        assertEquals(INVALID, replaced.verify(token(WHOLE), ID, WHOLE, BEFORE));
    }

    @Test
    void refusesToSignWhatATokenCannotHold() {
        assertThrows(IllegalArgumentException.class, () -> KEYS.sign(grant(WHOLE), Instant.ofEpochSecond(-1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> KEYS.sign(grant(WHOLE), Instant.ofEpochSecond(1_000_000_000_000L)));
        Instant latest = Instant.ofEpochSecond(999_999_999_999L);
        assertEquals(new Verification.Granted("k1", "gen-1", latest), verifyWhole(KEYS.sign(grant(WHOLE), latest)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b", "a\n7", "gen/1", "\u00e9"})
    void refusesAGenerationThatCouldBeTakenForAnotherField(String generation) {
        assertThrows(IllegalArgumentException.class, () -> new Grant(ID, generation, WHOLE));
    }

    private static Verification verifyWhole(String token) {
        return KEYS.verify(token, ID, WHOLE, BEFORE);
    }

    private static String token(Scope scope) {
        return KEYS.sign(grant(scope), EXPIRES);
    }

    private static Grant grant(Scope scope) {
        return new Grant(ID, "gen-1", scope);
    }

    private static Scope chunk(long number, int sizeBytes) {
        return new Scope.Chunk(new ChunkReference(number, sizeBytes));
    }

    private static String mac(byte[] secret, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text.getBytes(US_ASCII)));
    }
}
