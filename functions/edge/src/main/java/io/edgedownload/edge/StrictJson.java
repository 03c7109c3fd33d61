package io.edgedownload.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.stream.Collectors;

/** Reads the bodies of the JSON functions and takes nothing that was not meant: a misspelt field is an error, not a default. */
final class StrictJson {
    private static final int MAX_DEPTH = 32;
    private static final String TOO_MUCH =
            "The body is nested over " + MAX_DEPTH + " levels deep, or one of its numbers or names is too long.";

    private final ObjectMapper mapper = mapper();

    /** What became of a body. */
    sealed interface Read<T> {
        record Value<T>(T value) implements Read<T> {}

        /** @param complaint why it is not one of the type, for the client to read and naming the field */
        record Wrong<T>(String complaint) implements Read<T> {}
    }

    <T> Read<T> read(byte[] body, Class<T> type) {
        try {
            T value = mapper.readValue(body, type);
            return value == null ? new Read.Wrong<>("The body must be a JSON object.") : new Read.Value<>(value);
        } catch (IOException e) {
            return new Read.Wrong<>(complaint(e));
        }
    }

    private static String complaint(IOException failure) {
        return switch (failure) {
            case UnrecognizedPropertyException e ->
                "The field '" + path(e) + "' is not known; known are " + e.getKnownPropertyIds() + ".";
            case JsonMappingException e when e.getCause() instanceof StreamConstraintsException -> TOO_MUCH;
            // Jackson wraps what is wrong in the middle of a list or an object: the text there is no value of any type.
            case JsonMappingException e when e.getCause() instanceof JsonParseException broken -> notJson(broken);
            case JsonMappingException e
            when !e.getPath().isEmpty() -> "The field '" + path(e) + "' has the wrong type.";
            case JsonMappingException _ -> "The body must be one JSON object.";
            case StreamConstraintsException _ -> TOO_MUCH;
            case JsonProcessingException e -> notJson(e);
            default -> throw new AssertionError("bytes in memory can be read", failure);
        };
    }

    private static String notJson(JsonProcessingException e) {
        return "The body is not JSON: line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ".";
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference -> reference.getFieldName() == null
                        ? "[" + reference.getIndex() + "]"
                        : "." + reference.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static ObjectMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        JsonMapper.Builder mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        for (LogicalType type : new LogicalType[] {LogicalType.Textual, LogicalType.Integer, LogicalType.Boolean}) {
            mapper.withCoercionConfig(type, coercion -> {
                for (CoercionInputShape shape : CoercionInputShape.values()) {
                    coercion.setCoercion(shape, CoercionAction.Fail);
                }
            });
        }
        // A whole number is a number.
        mapper.withCoercionConfig(LogicalType.Float, coercion -> {
            for (CoercionInputShape shape : CoercionInputShape.values()) {
                coercion.setCoercion(
                        shape, shape == CoercionInputShape.Integer ? CoercionAction.TryConvert : CoercionAction.Fail);
            }
        });
        return mapper.build();
    }
}
