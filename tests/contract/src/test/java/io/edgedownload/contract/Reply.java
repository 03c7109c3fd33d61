package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One answer, with its body in memory. Header names are compared without case (RFC 9110 §5.1). */
final class Reply {

    private static final JsonMapper JSON = new JsonMapper();

    private final String asked;
    private final int status;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final byte[] body;

    Reply(String asked, int status, Map<String, List<String>> headers, byte[] body) {
        this.asked = asked;
        this.status = status;
        this.headers.putAll(headers);
        this.body = body;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (java.io.IOException e) {
            return fail(this + " is not JSON: " + text(), e);
        }
    }

    /** All values of a field, in order. */
    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** The one value of a field; a field sent twice fails the row. */
    Optional<String> header(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            fail(this + " sent " + name + " more than once: " + values);
        }
        return values.stream().findFirst();
    }

    /** The one value of a field that must be there. */
    String required(String name) {
        return header(name).orElseGet(() -> fail(this + " has no " + name));
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    Reply expect(int expectedStatus) {
        assertEquals(expectedStatus, status, this::toString);
        return this;
    }

    Reply expectHeader(String name, String value) {
        assertEquals(value, required(name), () -> name + " of " + this);
        return this;
    }

    /** The body is exactly these bytes, and {@code Content-Length} says so. */
    Reply expectBody(byte[] expected) {
        expectHeader("Content-Length", Integer.toString(expected.length));
        assertArrayEquals(expected, body, () -> "body of " + this);
        return this;
    }

    /** A problem of the contract's shape, with this status and the type {@code /problems/name}. */
    Problem expectProblem(int expectedStatus, String name) {
        Problem problem = expectProblem(expectedStatus);
        assertEquals("/problems/" + name, problem.type(), this::toString);
        return problem;
    }

    /** A problem of the contract's shape, with this status. */
    Problem expectProblem(int expectedStatus) {
        expect(expectedStatus);
        return Problem.of(this);
    }

    /** Writes a value as JSON text. */
    static String jsonOf(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public String toString() {
        boolean readable = all("Content-Type").stream().anyMatch(type -> type.contains("json"));
        return asked + " -> " + status + " " + headers + (readable ? " " + text() : "");
    }
}
