package io.edgedownload.guard;

import io.edgedownload.engine.guard.Rules;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.util.Set;

/** Rules that settings must keep beyond their types. Each broken one is a line that names the key and the cure. */
final class Settings {
    private static final int MOST_EVENTS = 100_000;

    private Settings() {}

    /**
     * When a group is over a bound.
     *
     * @throws ConfigurationException naming the key
     */
    static Rules rules(GuardConfig config) {
        try {
            return new Rules(
                    config.establishedMax(),
                    config.retransmitPercent(),
                    config.segmentsMin(),
                    config.window(),
                    config.liftPercent(),
                    config.liftAfter());
        } catch (IllegalArgumentException broken) {
            throw new ConfigurationException("guard." + broken.getMessage());
        }
    }

    /** @throws ConfigurationException naming the key */
    static void check(GuardConfig config) {
        var _ = rules(config);
        require(config.interval().toMillis() >= 100, "guard.interval", "must be at least 100ms");
        require(
                config.egressMax().asLongValue() >= 1 && config.egressMax().asLongValue() <= 4_000_000_000L,
                "guard.egress-max",
                "must be 1 to 4000000000 bytes a second: the kernel paces by 32 bits");
        require(
                config.node().orElse("x").matches("[A-Za-z0-9._-]{1,200}"),
                "guard.node",
                "must be 1 to 200 of A-Z a-z 0-9 . _ -");
        checkCoordinator(config.coordinator());
    }

    private static void checkCoordinator(GuardConfig.Coordinator config) {
        require(
                config.url().map(Settings::isServer).orElse(true),
                "guard.coordinator.url",
                "must be http:// or https:// with a host and a port, such as https://coordinator:9000");
        require(
                config.token().orElse("x").matches("[\\x21-\\x7e]+"),
                "guard.coordinator.token",
                "must be printable ASCII without spaces");
        require(
                config.certificate().isPresent() == config.key().isPresent(),
                "guard.coordinator.certificate",
                "and guard.coordinator.key must be set both or not at all");
        require(
                config.zone().orElse("x").matches("[A-Za-z0-9._-]{1,64}"),
                "guard.coordinator.zone",
                "must be 1 to 64 of A-Z a-z 0-9 . _ -");
        require(config.interval().toMillis() >= 100, "guard.coordinator.interval", "must be at least 100ms");
        require(
                config.queueMax() >= 1 && config.queueMax() <= MOST_EVENTS,
                "guard.coordinator.queue-max",
                "must be 1 to " + MOST_EVENTS);
    }

    private static boolean isServer(URI url) {
        return Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                && url.getHost() != null
                && url.getPort() > 0;
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new ConfigurationException(key + " " + rule, Set.of(key));
        }
    }
}
