package io.edgedownload.coordinator;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Rules that settings must keep beyond their types. Each broken one is a line that names the key and the cure. */
final class Settings {
    private static final String CLIENT_AUTH = "quarkus.grpc.server.ssl.client-auth";

    /** As many as a directive holds, see {@code fleet.proto}. */
    private static final int MOST_HOT = 150;

    private Settings() {}

    /**
     * Checks what can be checked before the first stream.
     *
     * @param all where the settings of the server are, too
     * @throws ConfigurationException naming the key
     */
    static void check(CoordinatorConfig config, Config all) {
        String clientAuth = all.getOptionalValue(CLIENT_AUTH, String.class).orElse("none");
        require(
                config.token().isPresent() || !clientAuth.equalsIgnoreCase("none"),
                "coordinator.token",
                "is empty, and no client certificates are asked for: set it, or " + CLIENT_AUTH + "=required");
        require(
                config.token().orElse("x").matches("[\\x21-\\x7e]+"),
                "coordinator.token",
                "must be printable ASCII without spaces");
        require(config.maxEdges() >= 1, "coordinator.max-edges", "must be at least 1");
        require(config.silence().toMillis() >= 100, "coordinator.silence", "must be at least 100ms");
        require(config.orders().toSeconds() >= 1, "coordinator.orders", "must be at least 1s");
        require(config.egressLimit().asLongValue() >= 1, "coordinator.egress-limit", "must be at least 1");
        require(config.hot() >= 0 && config.hot() <= MOST_HOT, "coordinator.hot", "must be 0 to " + MOST_HOT);
        require(!config.young().isNegative(), "coordinator.young", "must not be negative");
        require(config.drain().toSeconds() >= 2, "coordinator.drain", "must be at least 2s");
        checkEtcd(config.etcd());
    }

    private static void checkEtcd(CoordinatorConfig.Etcd config) {
        require(
                config.url()
                        .map(url -> url.getHost() != null
                                && Set.of("http", "https").contains(String.valueOf(url.getScheme())))
                        .orElse(true),
                "coordinator.etcd.url",
                "must be http:// or https:// with a host");
        require(
                config.prefix().matches("[A-Za-z0-9._/-]{1,200}"),
                "coordinator.etcd.prefix",
                "must be 1 to 200 of A-Z a-z 0-9 . _ - /");
        require(config.lease().toSeconds() >= 2, "coordinator.etcd.lease", "must be at least 2s");
        require(config.interval().isPositive(), "coordinator.etcd.interval", "must be longer than zero");
        require(config.timeout().isPositive(), "coordinator.etcd.timeout", "must be longer than zero");
        require(
                config.user().isPresent() == config.password().isPresent(),
                "coordinator.etcd.user",
                "and coordinator.etcd.password must be set both or not at all");
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new ConfigurationException(key + " " + rule, Set.of(key));
        }
    }
}
