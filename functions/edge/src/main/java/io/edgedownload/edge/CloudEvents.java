package io.edgedownload.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls of functions that are CloudEvents 1.0.2, in the binary or the structured mode of HTTP (HTTP Protocol Binding §3, JSON Event
 * Format §3). The data is what a plain call has as its body.
 */
final class CloudEvents {
    /** The type of an event is this and the function's name. */
    static final String TYPE_PREFIX = "edge.";

    private static final String VERSION = "1.0";
    private static final String BINARY_PREFIX = "ce-";
    private static final String DEADLINE = "deadline";

    /** Of structured events, of batches of them, and of formats other than JSON. */
    private static final String MEDIA_TYPES = "application/cloudevents";

    /** JSON as it is or under another name. */
    private static final Pattern JSON =
            Pattern.compile("(application|text)/([^;\\s]+\\+)?json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    private static final TextMapGetter<ObjectNode> ATTRIBUTES = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(ObjectNode envelope) {
            return envelope::fieldNames;
        }

        @Override
        public @Nullable String get(@Nullable ObjectNode envelope, String key) {
            return envelope == null ? null : envelope.path(key).textValue();
        }
    };

    private final StrictJson json;

    CloudEvents(StrictJson json) {
        this.json = json;
    }

    /** What a request turned out to be. */
    sealed interface Call {
        /** No event: the body is as it came. */
        record Plain() implements Call {}

        /**
         * @param type what happened, or is to
         * @param data null when the event carries none
         * @param moments the attribute {@code deadline} as far as it is not a field of the request; none or one
         * @param origin the span that it comes from, as far as that is not a field of the request; not valid when there is none
         */
        record Event(String type, @Nullable Buffer data, List<String> moments, SpanContext origin) implements Call {}

        /** @param complaint for the client to read: what is wrong with the event, and what would not be */
        record Refused(String complaint) implements Call {}
    }

    /** Whether the request means to be an event; whether it is a valid one its body tells. */
    static boolean isEvent(MultiMap fields) {
        return contentType(fields).startsWith(MEDIA_TYPES) || fields.contains(BINARY_PREFIX + "specversion");
    }

    private static String contentType(MultiMap fields) {
        return String.valueOf(fields.get(HttpHeaders.CONTENT_TYPE)).strip().toLowerCase(Locale.ROOT);
    }

    /** @param body null when there is none */
    Call read(MultiMap fields, @Nullable Buffer body) {
        if (!isEvent(fields)) {
            return new Call.Plain();
        }
        String contentType = contentType(fields);
        if (!contentType.startsWith(MEDIA_TYPES)) {
            return binary(fields, body);
        }
        return contentType.matches("application/cloudevents\\+json\\s*(;.*)?")
                ? structured(body)
                : refused(
                        "A structured event must have Content-Type: application/cloudevents+json, and be one and no batch.");
    }

    private static Call binary(MultiMap fields, @Nullable Buffer body) {
        List<String> wrong = new ArrayList<>();
        for (String name : List.of("specversion", "id", "source", "type")) {
            List<String> lines = fields.getAll(BINARY_PREFIX + name);
            if (lines.size() != 1 || lines.getFirst().isBlank()) {
                wrong.add(BINARY_PREFIX + name);
            }
        }
        if (!wrong.isEmpty()) {
            return refused("An event in binary mode must have each of these fields once and not empty: " + wrong + ".");
        }
        if (!VERSION.equals(fields.get(BINARY_PREFIX + "specversion"))) {
            return refused("The field ce-specversion must be " + VERSION + ".");
        }
        // Its deadline is a field that any request may have.
        return new Call.Event(
                fields.getAll(BINARY_PREFIX + "type").getFirst(), body, List.of(), SpanContext.getInvalid());
    }

    private Call structured(@Nullable Buffer body) {
        return switch (json.read(body == null ? new byte[0] : body.getBytes(), ObjectNode.class)) {
            case StrictJson.Read.Wrong<ObjectNode>(String complaint) -> refused(complaint);
            // What is null counts as left out (JSON Event Format §2.2).
            case StrictJson.Read.Value<ObjectNode>(ObjectNode envelope) -> structured(envelope.removeNulls());
        };
    }

    private static Call structured(ObjectNode envelope) {
        for (String name : List.of("specversion", "id", "source", "type")) {
            if (!envelope.path(name).isTextual() || envelope.path(name).asText().isBlank()) {
                return refused("The event's attribute '" + name + "' must be a text that is not empty.");
            }
        }
        if (!envelope.path("specversion").asText().equals(VERSION)) {
            return refused("The event's attribute 'specversion' must be \"" + VERSION + "\".");
        }
        JsonNode contentType = envelope.path("datacontenttype");
        if (!contentType.isMissingNode() && !JSON.matcher(contentType.asText()).matches()) {
            return refused("The event's attribute 'datacontenttype' must be application/json or be left out.");
        }
        JsonNode deadline = envelope.path(DEADLINE);
        if (!deadline.isMissingNode() && !deadline.isTextual()) {
            return refused(
                    "The event's attribute 'deadline' must be one timestamp such as 2026-01-01T00:00:00Z (RFC 3339).");
        }
        return data(envelope, deadline.isMissingNode() ? List.of() : List.of(deadline.asText()));
    }

    private static Call data(ObjectNode envelope, List<String> moments) {
        JsonNode data = envelope.get("data");
        JsonNode base64 = envelope.get("data_base64");
        if (data != null && base64 != null) {
            return refused("The event must have either 'data' or 'data_base64'.");
        }
        String type = envelope.path("type").asText();
        if (base64 == null) {
            return new Call.Event(
                    type, data == null ? null : Buffer.buffer(data.toString()), moments, origin(envelope));
        }
        try {
            return base64.isTextual()
                    ? new Call.Event(type, Buffer.buffer(base64.binaryValue()), moments, origin(envelope))
                    : refused("The event's 'data_base64' must be a text.");
        } catch (IOException e) {
            return refused("The event's 'data_base64' is not base64.");
        }
    }

    /** By the attributes of the Distributed Tracing extension, which are fields of W3C Trace Context. */
    private static SpanContext origin(ObjectNode envelope) {
        Context found = W3CTraceContextPropagator.getInstance().extract(Context.root(), envelope, ATTRIBUTES);
        return Span.fromContext(found).getSpanContext();
    }

    /**
     * Makes an answer with a body an event in binary mode, which is an answer to a structured one as well.
     *
     * @param now becomes its time
     */
    static void mark(HttpServerResponse response, String function, Instant now) {
        if (response.getStatusCode() == 200 || response.getStatusCode() == 201) {
            response.putHeader(BINARY_PREFIX + "specversion", VERSION)
                    .putHeader(BINARY_PREFIX + "id", UUID.randomUUID().toString())
                    .putHeader(BINARY_PREFIX + "source", "/" + function)
                    .putHeader(BINARY_PREFIX + "type", TYPE_PREFIX + function + ".result")
                    .putHeader(BINARY_PREFIX + "time", now.toString());
            if (RecordingSampler.isRecorded(Span.current())) {
                // Distributed Tracing extension: the trace that it comes from.
                W3CTraceContextPropagator.getInstance()
                        .inject(
                                Context.current(),
                                null,
                                (_, field, value) -> response.putHeader(BINARY_PREFIX + field, value));
            }
        }
    }

    private static Call refused(String complaint) {
        return new Call.Refused(complaint);
    }
}
