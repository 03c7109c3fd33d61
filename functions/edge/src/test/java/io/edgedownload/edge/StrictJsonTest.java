package io.edgedownload.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What publishers and clients may send, and what they are told of anything else. */
final class StrictJsonTest {
    private final StrictJson json = new StrictJson();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":null,\"sources\":null,\"s3\":null,\"chunkSize\":null,\"digest\":null}",
                "{\"sources\":[null],\"s3\":{\"bucket\":null}}",
                " {\"id\":\"a\",\"sources\":[\"http://a\"],\"s3\":{\"bucket\":\"b\",\"key\":\"k\"},\"chunkSize\":65536,\"digest\":true}\n"
            })
    void takesFieldsOfTheirTypesAndLeavesOutTheRest(String body) {
        assertInstanceOf(StrictJson.Read.Value.class, json.read(body.getBytes(UTF_8), FunctionRequests.Publish.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"digset":true}                    | The field 'digset' is not known; known are [
            {"s3":{"buckett":"b"}}             | The field 's3.buckett' is not known; known are [
            {"id":7}                           | The field 'id' has the wrong type.
            {"id":true}                        | The field 'id' has the wrong type.
            {"id":{}}                          | The field 'id' has the wrong type.
            {"id":["a"]}                       | The field 'id' has the wrong type.
            {"chunkSize":"65536"}              | The field 'chunkSize' has the wrong type.
            {"chunkSize":""}                   | The field 'chunkSize' has the wrong type.
            {"chunkSize":65536.0}              | The field 'chunkSize' has the wrong type.
            {"chunkSize":true}                 | The field 'chunkSize' has the wrong type.
            {"chunkSize":9223372036854775808}  | The field 'chunkSize' has the wrong type.
            {"digest":1}                       | The field 'digest' has the wrong type.
            {"digest":"true"}                  | The field 'digest' has the wrong type.
            {"sources":"http://a"}             | The field 'sources' has the wrong type.
            {"sources":["http://a",2]}         | The field 'sources[1]' has the wrong type.
            {"sources":[["http://a"]]}         | The field 'sources[0]' has the wrong type.
            {"s3":"bucket/key"}                | The field 's3' has the wrong type.
            {"s3":{"bucket":3}}                | The field 's3.bucket' has the wrong type.
            {"id":"a","id":"b"}                | The body is not JSON: line 1, column
            {"s3":{"key":"a","key":"b"}}       | The body is not JSON: line 1, column
            {"id":"a"                          | The body is not JSON: line 1, column
            {"id":"a"} x                       | The body is not JSON: line 1, column
            {"sources":["http://a",,]}         | The body is not JSON: line 1, column
            {"id":"a"} {}                      | The body must be one JSON object.
            ["a"]                              | The body must be one JSON object.
            []                                 | The body must be one JSON object.
            "a"                                | The body must be one JSON object.
            7                                  | The body must be one JSON object.
            null                               | The body must be a JSON object.
            """)
    void saysWhatIsWrongAndWhere(String body, String start) {
        String complaint = complaint(body);

        assertTrue(complaint.startsWith(start), complaint);
    }

    @Test
    void anEmptyBodyIsNoObject() {
        assertEquals("The body must be one JSON object.", complaint(""));
    }

    @Test
    void nestingEndsAt32Levels() {
        assertEquals("The field 'id' has the wrong type.", complaint("{\"id\":" + nested(31) + "}"));
        assertEquals(
                "The body is nested over 32 levels deep, or one of its numbers or names is too long.",
                complaint("{\"nothing\":" + nested(32) + "}"));
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private String complaint(String body) {
        return switch (json.read(body.getBytes(UTF_8), FunctionRequests.Publish.class)) {
            case StrictJson.Read.Wrong<FunctionRequests.Publish>(String complaint) -> complaint;
            case StrictJson.Read.Value<FunctionRequests.Publish> value -> throw new AssertionError("taken: " + value);
        };
    }
}
