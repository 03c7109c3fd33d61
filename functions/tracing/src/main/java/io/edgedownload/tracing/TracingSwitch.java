package io.edgedownload.tracing;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Switches tracing on where spans have somewhere to go, and off everywhere else: Quarkus would send them to a port of this
 * machine, and complain when nobody listens there. The standard OpenTelemetry variables that say where are understood, such as
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT}. Any key of Quarkus that is set is stronger.
 */
public final class TracingSwitch implements ConfigSourceFactory {
    /** Weaker than application.properties, which has 250. */
    private static final int ORDINAL = 200;

    private static final String OTEL = "otel.exporter.otlp.";
    private static final String QUARKUS = "quarkus." + OTEL;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        Map<String, String> values = new HashMap<>();
        boolean somewhere = given(context, QUARKUS + "endpoint") != null
                || given(context, QUARKUS + "traces.endpoint") != null
                || given(context, OTEL + "endpoint") != null;
        values.put("quarkus.otel.sdk.disabled", Boolean.toString(!somewhere));
        // As the OpenTelemetry specification recommends; Quarkus would take gRPC.
        values.put(QUARKUS + "protocol", "http/protobuf");
        for (String key : List.of("endpoint", "protocol", "headers", "compression")) {
            String value = given(context, OTEL + key);
            if (value != null) {
                values.put(QUARKUS + key, value);
            }
        }
        return List.of(new PropertiesConfigSource(values, TracingSwitch.class.getSimpleName(), ORDINAL));
    }

    /** What somebody has set, in contrast to what is so by default. */
    private static @Nullable String given(ConfigSourceContext context, String key) {
        ConfigValue value = context.getValue(key);
        boolean given = value != null
                && value.getValue() != null
                && !value.getValue().isBlank()
                && value.getSourceOrdinal() > Integer.MIN_VALUE;
        return given ? value.getValue() : null;
    }
}
