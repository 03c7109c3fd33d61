package io.edgedownload.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardSettingsTest {
    @Test
    void theDefaultsAreThoseOfTheGuardInEachInstance() {
        GuardConfig config = config(Map.of());
        Settings.check(config);
        assertEquals(5_000, config.establishedMax());
        assertEquals(8, config.retransmitPercent());
        assertEquals(200_000_000, config.egressMax().asLongValue());
    }

    @ParameterizedTest
    @CsvSource({
        "guard.interval, 99ms",
        "guard.egress-max, 0",
        "guard.egress-max, 5000000000",
        "guard.node, a b",
        "guard.established-max, 0",
        "guard.retransmit-percent, 101",
        "guard.segments-min, 0",
        "guard.window, 6m",
        "guard.lift-percent, 0",
        "guard.lift-after, -1s",
        "guard.coordinator.url, coordinator:9000",
        "guard.coordinator.url, http://coordinator",
        "guard.coordinator.token, ä",
        "guard.coordinator.zone, a b",
        "guard.coordinator.key, key.pem",
        "guard.coordinator.interval, 99ms",
        "guard.coordinator.queue-max, 0"
    })
    void aWrongSettingIsNamed(String key, String value) {
        var refused = assertThrows(ConfigurationException.class, () -> Settings.check(config(Map.of(key, value))));
        String prefix = key.equals("guard.coordinator.key") ? "guard.coordinator.certificate" : key;
        assertTrue(String.valueOf(refused.getMessage()).startsWith(prefix + " "), refused::getMessage);
    }

    private static GuardConfig config(Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(io.quarkus.runtime.configuration.MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(java.time.Duration.class, 100, new DurationConverter())
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(GuardConfig.class)
                .build();
        return config.getConfigMapping(GuardConfig.class);
    }
}
