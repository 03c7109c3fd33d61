package io.edgedownload.local.origin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A file as the origin offers it.
 *
 * @param lengthBytes its length
 * @param modified last modification, whole seconds count
 * @param etag strong entity tag made of the content, quotes included: the same after every restart
 */
record OriginFile(Path path, long lengthBytes, Instant modified, String etag) {
    /** IMF-fixdate (RFC 9110 §5.6.7): two-digit day, always GMT. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final int ETAG_DIGEST_BYTES = 16;

    static OriginFile read(Path path) throws IOException {
        var digest = HexFormat.of().formatHex(sha256(path), 0, ETAG_DIGEST_BYTES);
        return new OriginFile(
                path, Files.size(path), Files.getLastModifiedTime(path).toInstant(), "\"" + digest + "\"");
    }

    /** Whether the file still has the length and time that were read. */
    boolean isCurrent() throws IOException {
        return Files.size(path) == lengthBytes
                && Files.getLastModifiedTime(path).toInstant().equals(modified);
    }

    String lastModified() {
        return HTTP_DATE.format(modified);
    }

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    private static byte[] sha256(Path path) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(path), MessageDigest.getInstance("SHA-256"))) {
            var block = new byte[1 << 16];
            while (in.read(block) >= 0) {
                // Reading is what feeds the digest.
            }
            return in.getMessageDigest().digest();
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
