package io.edgedownload.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampleTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void hasThePinnedBytes(Sample sample) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            sample.write(out);
        }
        assertEquals(sample.sha256(), HexFormat.of().formatHex(digest.digest()));
    }

    @ParameterizedTest
    @EnumSource
    void isWrittenWithItsLength(Sample sample) throws IOException {
        assertEquals(sample.lengthBytes(), Files.size(sample.ensureIn(directory)));
    }

    @Test
    void isKeptWhenItIsThere() throws IOException {
        Files.writeString(directory.resolve("sample-11"), "HELLO WORLD");

        Sample.ELEVEN.ensureIn(directory);

        assertEquals("HELLO WORLD", Files.readString(directory.resolve("sample-11")));
    }

    @Test
    void isWrittenAgainWhenItsLengthIsWrong() throws IOException {
        Files.writeString(directory.resolve("sample-11"), "hello");

        Sample.ELEVEN.ensureIn(directory);

        assertEquals("hello world", Files.readString(directory.resolve("sample-11")));
    }
}
