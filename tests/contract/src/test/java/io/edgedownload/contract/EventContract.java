package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON functions called by CloudEvents 1.0.2, in the binary and the structured mode of HTTP. */
@ExtendWith(AgainstTarget.class)
final class EventContract {

    private static final String DATA = "{\"id\":\"sample-11\"}";
    private static final String STRUCTURED = "application/cloudevents+json";

    private final Target target;
    private final EdgeClient edge;

    EventContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/resolve", "/"})
    void anEventInBinaryModeIsAnsweredByOne(String path) {
        Reply reply = edge.post(path, DATA, binary("edge.resolve")).expect(200);
        assertEquals("sample-11", reply.json().at("/manifest/id").asText(), reply::toString);
        assertIsEvent(reply, "edge.resolve.result");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/resolve", "/"})
    void anEventInStructuredModeIsAnsweredByOne(String path) {
        Reply reply = structured(path, envelope("edge.resolve")).expect(200);
        assertEquals("sample-11", reply.json().at("/manifest/id").asText(), reply::toString);
        assertIsEvent(reply, "edge.resolve.result");
    }

    @Test
    void dataMayBeBase64() {
        Map<String, Object> event = envelope("edge.resolve");
        event.remove("data");
        event.put("data_base64", Base64.getEncoder().encodeToString(DATA.getBytes(StandardCharsets.UTF_8)));
        structured("/resolve", event).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"datacontenttype", "deadline", "time", "data_base64"})
    void whatIsNullIsLeftOut(String attribute) {
        Map<String, Object> event = envelope("edge.resolve");
        event.put(attribute, null);
        structured("/resolve", event).expect(200);
    }

    @Test
    void theTypeOfTheDataIsOneHoweverItIsWritten() {
        Map<String, Object> event = envelope("edge.resolve");
        event.put("datacontenttype", "Application/JSON; charset=utf-8");
        structured("/resolve", event).expect(200);
    }

    @Test
    void whatAnEventChangesIsChanged() {
        String id = target.freshId("event");
        String source = target.origin().put("/" + id, new byte[1], "\"one\"");
        Map<String, Object> event = envelope("edge.publish");
        event.put("data", Map.of("id", id, "sources", new String[] {source}));
        assertIsEvent(structured("/", event).expect(201), "edge.publish.result");
        edge.get("/download/" + id).expect(200);
    }

    @Test
    void whatHasNoAnswerIsAnsweredByNoEvent() {
        String id = target.freshId("event");
        target.functions().publish(id, target.origin().put("/" + id, new byte[1], "\"one\""));
        Map<String, Object> event = envelope("edge.evict");
        event.put("data", Map.of("id", id));
        Reply reply = structured("/evict", event).expect(204);
        assertEquals(Optional.empty(), reply.header("ce-id"));
    }

    @Test
    void aPlainCallIsAnsweredPlainly() {
        assertEquals(Optional.empty(), edge.post("/resolve", DATA).expect(200).header("ce-specversion"));
        edge.post("/", DATA).expectProblem(404, "unknown-path");
    }

    @Test
    void theTokenIsNeededAllTheSame() {
        for (String path : new String[] {"/evict", "/"}) {
            edge.post(path, DATA, "ce-specversion", "1.0", "ce-id", "1", "ce-source", "/test", "ce-type", "edge.evict")
                    .expectProblem(401, "unauthorized");
            edge.send(
                            "POST",
                            path,
                            BodyPublishers.ofString(Reply.jsonOf(envelope("edge.evict"))),
                            "Content-Type",
                            STRUCTURED)
                    .expectProblem(401, "unauthorized");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "specversion, 0.3",
        "specversion,",
        "id,",
        "id, 1",
        "source,",
        "type,",
        "type, edge.nosuch",
        "type, resolve",
        "type, edge.presign",
        "datacontenttype, text/plain",
        "datacontenttype, application/xml",
        "deadline, tomorrow",
        "deadline, 7",
        "data, nothing",
        "data,"
    })
    void aWrongAttributeIsNamed(String attribute, String value) {
        Map<String, Object> event = envelope("edge.resolve");
        if (value == null) {
            event.remove(attribute);
        } else {
            event.put(attribute, value.matches("[0-9]+") ? (Object) Integer.valueOf(value) : value);
        }
        Problem problem = structured("/resolve", event).expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(attribute.equals("data") ? "JSON object" : attribute), problem::toString);
    }

    @ParameterizedTest
    @CsvSource({"ce-specversion, 0.3", "ce-specversion, 2", "ce-id, ' '", "ce-type, edge.warm", "ce-deadline, tomorrow"
    })
    void aWrongFieldOfABinaryEventIsNamed(String field, String value) {
        String[] fields = binary("edge.resolve");
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(field)) {
                fields[i + 1] = value;
            }
        }
        Reply reply = field.equals("ce-deadline")
                ? edge.post("/resolve", DATA, join(fields, field, value))
                : edge.post("/resolve", DATA, fields);
        Problem problem = reply.expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(field.replaceFirst("^ce-(?=type)", "")), problem::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-id", "ce-source", "ce-type"})
    void aMissingFieldOfABinaryEventIsNamed(String missing) {
        String[] fields = binary("edge.resolve");
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(missing)) {
                fields[i] = "x-none";
            }
        }
        Problem problem = edge.post("/resolve", DATA, fields).expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(missing), problem::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"\"", "nonsense", "", "{\"id\":1,\"id\":2}"})
    void whatIsNoEnvelopeIs400(String body) {
        send("/resolve", STRUCTURED, body).expectProblem(400, "bad-request");
        send("/", STRUCTURED, body).expectProblem(400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/cloudevents-batch+json", "application/cloudevents+avro", "application/cloudevents"})
    void batchesAndOtherFormatsAreRefused(String contentType) {
        Problem problem = send("/resolve", contentType, Reply.jsonOf(envelope("edge.resolve")))
                .expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(STRUCTURED), problem::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Application/CloudEvents+JSON", "application/cloudevents+json; charset=utf-8"})
    void theMediaTypeIsOneHoweverItIsWritten(String contentType) {
        send("/resolve", contentType, Reply.jsonOf(envelope("edge.resolve"))).expect(200);
    }

    @Test
    void theDeadlineOfAStructuredEventIsHeeded() {
        Map<String, Object> event = envelope("edge.resolve");
        event.put("deadline", "2020-01-01T00:00:00Z");
        structured("/resolve", event).expectProblem(504, "deadline");
        event.put("deadline", Instant.now().plus(Duration.ofDays(1)).toString());
        structured("/resolve", event).expect(200);
        send("/resolve", STRUCTURED, Reply.jsonOf(event), "ce-deadline", "2030-01-01T00:00:00Z")
                .expectProblem(400, "bad-request");
    }

    private static void assertIsEvent(Reply reply, String type) {
        reply.expectHeader("ce-specversion", "1.0").expectHeader("ce-type", type);
        assertTrue(
                !reply.required("ce-id").isBlank()
                        && !reply.required("ce-source").isBlank(),
                reply::toString);
        Instant.parse(reply.required("ce-time"));
    }

    private static Map<String, Object> envelope(String type) {
        return new HashMap<>(Map.of(
                "specversion", "1.0", "id", "1", "source", "/test", "type", type, "data", Map.of("id", "sample-11")));
    }

    private String[] binary(String type) {
        return new String[] {
            "ce-specversion",
            "1.0",
            "ce-id",
            "1",
            "ce-source",
            "/test",
            "ce-type",
            type,
            "Authorization",
            "Bearer " + target.adminToken()
        };
    }

    private static String[] join(String[] fields, String name, String value) {
        String[] joined = Arrays.copyOf(fields, fields.length + 2);
        joined[fields.length] = name;
        joined[fields.length + 1] = value;
        return joined;
    }

    private Reply structured(String path, Map<String, Object> event) {
        return send(path, STRUCTURED, Reply.jsonOf(event));
    }

    private Reply send(String path, String contentType, String body, String... headers) {
        return edge.send(
                "POST",
                path,
                BodyPublishers.ofString(body),
                join(join(headers, "Content-Type", contentType), "Authorization", "Bearer " + target.adminToken()));
    }
}
