package io.edgedownload.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TracingSwitchTest {
    private static final int ENVIRONMENT = 300;
    private static final String DISABLED = "quarkus.otel.sdk.disabled";
    private static final String ENDPOINT = "quarkus.otel.exporter.otlp.endpoint";

    @Test
    void tracingIsOffByDefault() {
        assertEquals("true", with(Map.of(), DISABLED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "otel.exporter.otlp.endpoint",
                "quarkus.otel.exporter.otlp.endpoint",
                "quarkus.otel.exporter.otlp.traces.endpoint"
            })
    void anEndpointSwitchesItOn(String key) {
        assertEquals("false", with(Map.of(key, "http://collector:4318"), DISABLED));
        assertEquals("true", with(Map.of(key, ""), DISABLED));
    }

    @Test
    void itCanBeSwitchedOffWithAnEndpoint() {
        assertEquals("true", with(Map.of(ENDPOINT, "http://collector:4318", DISABLED, "true"), DISABLED));
    }

    @Test
    void openTelemetrysKeysAreUnderstood() {
        Map<String, String> set = Map.of(
                "otel.exporter.otlp.endpoint", "http://collector:4317",
                "otel.exporter.otlp.protocol", "grpc",
                "otel.exporter.otlp.headers", "a=b",
                "otel.exporter.otlp.compression", "gzip");
        assertEquals("http://collector:4317", with(set, ENDPOINT));
        assertEquals("grpc", with(set, "quarkus.otel.exporter.otlp.protocol"));
        assertEquals("a=b", with(set, "quarkus.otel.exporter.otlp.headers"));
        assertEquals("gzip", with(set, "quarkus.otel.exporter.otlp.compression"));
    }

    @Test
    void quarkusKeysAreStronger() {
        Map<String, String> set = Map.of("otel.exporter.otlp.endpoint", "http://one:4318", ENDPOINT, "http://two:4318");
        assertEquals("http://two:4318", with(set, ENDPOINT));
    }

    @Test
    void protobufOverHttpIsTheDefault() {
        assertEquals("http/protobuf", with(Map.of(), "quarkus.otel.exporter.otlp.protocol"));
    }

    private static String with(Map<String, String> set, String key) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withDefaultValue(ENDPOINT, "http://localhost:4317")
                .withDefaultValue("quarkus.otel.exporter.otlp.protocol", "grpc")
                .withSources(new PropertiesConfigSource(set, "environment", ENVIRONMENT))
                .withSources(new TracingSwitch())
                .build();
        return config.getConfigValue(key).getValue();
    }
}
