package io.edgedownload.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret that is generated once and then read again: 256 random bits as base64url without padding, mode 0600. */
final class SecretFile {
    private static final int SECRET_BYTES = 32;

    private SecretFile() {}

    /** The secret in the file; made first when the file is missing or empty. */
    static String readOrCreate(Path file) throws IOException {
        createPrivate(file);
        var known = Files.readString(file).strip();
        if (!known.isEmpty()) {
            return known;
        }
        var random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.writeString(file, secret + "\n");
        return secret;
    }

    private static void createPrivate(Path file) throws IOException {
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        if (!Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            if (Files.notExists(file)) {
                Files.createFile(file);
            }
            return;
        }
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        } catch (FileAlreadyExistsException exists) {
            // Someone may have copied the data directory with wider permissions.
            Files.setPosixFilePermissions(file, ownerOnly);
        }
    }
}
