package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one member that the edge adds to {@code Cache-Status} (RFC 9211 §2), its parameters by name. A parameter without
 * a value is {@code "?1"}, as in RFC 9651.
 */
record CacheStatus(Map<String, String> parameters) {

    private static final Pattern PARAMETER = Pattern.compile("; ?([a-z][a-z0-9-]*)(?:=([A-Za-z0-9_.-]+))?");

    static CacheStatus of(Reply reply) {
        String field = reply.required("Cache-Status");
        assertTrue(field.matches("edge(" + PARAMETER.pattern() + ")+"), () -> "Cache-Status of " + reply);
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher next = PARAMETER.matcher(field);
        while (next.find()) {
            parameters.put(next.group(1), next.group(2) == null ? "?1" : next.group(2));
        }
        return new CacheStatus(parameters);
    }

    boolean has(String parameter) {
        return parameters.containsKey(parameter);
    }

    String value(String parameter) {
        return parameters.getOrDefault(parameter, "");
    }
}
