package io.edgedownload.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    @TempDir
    private Path directory;

    @Test
    void holds256RandomBitsForItsOwnerOnly() throws IOException {
        var file = directory.resolve("secret");

        var secret = SecretFile.readOrCreate(file);

        assertEquals(32, Base64.getUrlDecoder().decode(secret).length);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertNotEquals(secret, SecretFile.readOrCreate(directory.resolve("other")));
    }

    @Test
    void isReadAgain() throws IOException {
        var file = directory.resolve("secret");

        assertEquals(SecretFile.readOrCreate(file), SecretFile.readOrCreate(file));
    }

    @Test
    void isClosedToOthersAgainWhenSomeoneOpenedIt() throws IOException {
        var file = Files.writeString(directory.resolve("secret"), "known\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertEquals("known", SecretFile.readOrCreate(file));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void isMadeAgainWhenAnInterruptedStartLeftItEmpty() throws IOException {
        var file = Files.createFile(directory.resolve("secret"));

        assertTrue(SecretFile.readOrCreate(file).length() > 40);
    }
}
