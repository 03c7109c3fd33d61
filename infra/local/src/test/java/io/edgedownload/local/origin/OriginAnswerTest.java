package io.edgedownload.local.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginAnswerTest {
    @ParameterizedTest(name = "{0} of {1} bytes: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0                    | 11 | Part[first=0, last=0]",
                "bytes=6-10                   | 11 | Part[first=6, last=10]",
                "bytes=6-99                   | 11 | Part[first=6, last=10]",
                "bytes=6-                     | 11 | Part[first=6, last=10]",
                "bytes=-5                     | 11 | Part[first=6, last=10]",
                "bytes=-99                    | 11 | Part[first=0, last=10]",
                "bytes=0-99999999999999999999 | 11 | Part[first=0, last=10]",
                "bytes=11-                    | 11 | Unsatisfiable[]",
                "bytes=-0                     | 11 | Unsatisfiable[]",
                "bytes=0-0                    | 0  | Unsatisfiable[]",
                "bytes=-1                     | 0  | Unsatisfiable[]",
                "bytes=-                      | 11 | Whole[lengthBytes=11]",
                "bytes=5-4                    | 11 | Whole[lengthBytes=11]",
                "bytes=0-0,2-2                | 11 | Whole[lengthBytes=11]",
                "lines=0-0                    | 11 | Whole[lengthBytes=11]",
            })
    void readsTheRange(String range, long lengthBytes, String expected) {
        assertEquals(expected, answer(lengthBytes, Map.of("Range", range)));
    }

    @ParameterizedTest(name = "{0}: {1} gives {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match      | \"tag\"            | Part[first=0, last=0]",
                "If-Match      | *                | Part[first=0, last=0]",
                "If-Match      | \"a\", \"tag\"       | Part[first=0, last=0]",
                "If-Match      | \"other\"          | PreconditionFailed[]",
                "If-Match      | W/\"tag\"          | PreconditionFailed[]",
                "If-None-Match | \"tag\"            | NotModified[]",
                "If-None-Match | \"other\"          | Part[first=0, last=0]",
                "If-Range      | \"tag\"            | Part[first=0, last=0]",
                "If-Range      | \"other\"          | Whole[lengthBytes=11]",
                "If-Range      | W/\"tag\"          | Whole[lengthBytes=11]",
                "If-Range      | Thu, 01 Jan 2026 00:00:00 GMT | Part[first=0, last=0]",
                "If-Range      | Thu, 01 Jan 2026 00:00:01 GMT | Whole[lengthBytes=11]",
            })
    void obeysThePrecondition(String name, String value, String expected) {
        assertEquals(expected, answer(11, Map.of("Range", "bytes=0-0", name, value)));
    }

    private static String answer(long lengthBytes, Map<String, String> headers) {
        var file = new OriginFile(Path.of("file"), lengthBytes, Instant.parse("2026-01-01T00:00:00Z"), "\"tag\"");
        return OriginAnswer.to(file, headers::get).toString();
    }
}
