package io.edgedownload.engine.verify;

import io.edgedownload.engine.time.Ticker;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Computes digests and compares them with the published ones. */
public final class Verifier {
    private final Ticker ticker;

    public Verifier(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Makes a chunk in memory of the bytes, whose reference it takes over.
     *
     * @param expectedSha256 in hexadecimal, or null when the download was published without digests: then the strict checks
     *     of the fetch are all there is, and the digest is computed to be sent along
     */
    public Verification verify(ByteBuf bytes, @Nullable String expectedSha256) {
        MessageDigest digest = sha256();
        digest.update(bytes.nioBuffer());
        byte[] actual = digest.digest();
        if (expectedSha256 != null && !MessageDigest.isEqual(HexFormat.of().parseHex(expectedSha256), actual)) {
            bytes.release();
            return new Verification.Corrupt(expectedSha256, HexFormat.of().formatHex(actual));
        }
        return new Verification.Verified(new MemoryChunk(bytes, actual, ticker.nanos()));
    }

    /** A new SHA-256 computation; every Java platform has it. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform provides SHA-256", e);
        }
    }
}
