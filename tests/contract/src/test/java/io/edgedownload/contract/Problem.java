package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** A problem as RFC 9457 has it, with the members that the contract promises. */
record Problem(String type, String title, String detail, String instance, String traceId) {

    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern TYPE = Pattern.compile("/problems/[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** What would tell a client about the machine behind: addresses of origins, stack frames, class names. */
    private static final Pattern LEAK = Pattern.compile(
            "://|\\bat [a-z]+(\\.[a-zA-Z]+)+\\(|Exception|\\.java:|io\\.edgedownload|io\\.vertx|io\\.quarkus");

    /** Reads and checks the problem in a reply. */
    static Problem of(Reply reply) {
        reply.expectHeader("Content-Type", "application/problem+json");
        JsonNode json = reply.json();
        assertEquals(reply.status(), json.path("status").asInt(), () -> "status member of " + reply);
        assertFalse(LEAK.matcher(reply.text()).find(), () -> "tells too much: " + reply);
        Problem problem = new Problem(
                text(reply, json, "type"),
                text(reply, json, "title"),
                text(reply, json, "detail"),
                text(reply, json, "instance"),
                text(reply, json, "traceId"));
        assertTrue(TYPE.matcher(problem.type()).matches(), () -> "type of " + reply);
        assertTrue(TRACE_ID.matcher(problem.traceId()).matches(), () -> "traceId of " + reply);
        return problem;
    }

    private static String text(Reply reply, JsonNode json, String member) {
        assertTrue(json.path(member).isTextual(), () -> member + " is no text in " + reply);
        String value = json.path(member).asText();
        assertFalse(value.isBlank(), () -> member + " is blank in " + reply);
        return value;
    }
}
