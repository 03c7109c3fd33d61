package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DownloadIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "sample-64m", "images/linux/6.1.iso", "A.b_c-d~9", "...", "a/..b/c..", ".hidden", "~"})
    void acceptsSegmentsOfUnreservedCharacters(String value) {
        assertEquals(value, new DownloadId(value).value());
        assertEquals(Optional.of(new DownloadId(value)), DownloadId.fromRawPath(value));
    }

    @Test
    void accepts200CharactersAndNoMore() {
        assertEquals(200, new DownloadId("a".repeat(200)).value().length());
        assertEquals(Optional.empty(), DownloadId.fromRawPath("a".repeat(201)));
        assertTrue(refusal("a".repeat(201)).contains("200"), () -> refusal("a".repeat(201)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "``     | 1 to 200 characters",
                "/      | empty segments",
                "/a     | empty segments",
                "a/     | empty segments",
                "a//b   | empty segments",
                ".      | segments",
                "..     | segments",
                "a/./b  | segments",
                "a/../b | segments",
                "a/..   | segments",
                "a b    | character 2 is U+0020",
                "a%2Fb  | character 2 is U+0025",
                "a\\b   | character 2 is U+005C",
                "a,b    | character 2 is U+002C",
                "a?b    | character 2 is U+003F",
                "caf\u00e9 | character 4 is U+00E9",
                "\uff11 | character 1 is U+FF11"
            })
    void refusesOthersAndSaysWhatWasWrong(String value, String said) {
        assertTrue(refusal(value).contains(said), () -> refusal(value));
        assertEquals(Optional.empty(), DownloadId.fromRawPath(value.replace("%", "%25")));
    }

    @Test
    void refusesCharactersThatEndLines() {
        assertTrue(refusal("a\nb").contains("U+000A"), () -> refusal("a\nb"));
        assertTrue(refusal("a\u0000").contains("U+0000"), () -> refusal("a\u0000"));
    }

    @ParameterizedTest
    @CsvSource({"a%2Fb, a/b", "a%2fb, a/b", "%61, a", "%7Euser, ~user", "a%2Eb, a.b", "%2e%2e%2e, ...", "a/b%2Fc, a/b/c"
    })
    void decodesEscapesOnce(String rawPath, String value) {
        assertEquals(Optional.of(new DownloadId(value)), DownloadId.fromRawPath(rawPath));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "%",
                "a%",
                "a%2",
                "a%2G",
                "a%G2",
                "a%-1",
                "a%+1",
                "a% 1",
                "%%41",
                "a%252Fb",
                "%252e%252e",
                "%2e%2e",
                "%2E",
                "a/%2e%2e/b",
                "a%2F..%2Fb",
                "%2Fa",
                "a%2F",
                "a%2F%2Fb",
                "a%00",
                "a%0A",
                "a%20b",
                "a+b",
                "%C3%A9",
                "a%5Cb",
                "a;b",
                "a%\uff12\uff26b"
            })
    void namesNothingWhenTheEscapesOrWhatTheyStandForAreInvalid(String rawPath) {
        assertEquals(Optional.empty(), DownloadId.fromRawPath(rawPath));
    }

    @Test
    void decodesAsManyEscapesAsAnIdHasCharacters() {
        assertEquals(Optional.of(new DownloadId("a".repeat(200))), DownloadId.fromRawPath("%61".repeat(200)));
        assertEquals(Optional.empty(), DownloadId.fromRawPath("%61".repeat(201)));
    }

    private static String refusal(String value) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> new DownloadId(value))
                .getMessage());
    }
}
