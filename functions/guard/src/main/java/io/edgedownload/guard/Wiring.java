package io.edgedownload.guard;

import io.edgedownload.engine.time.Ticker;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.microprofile.config.Config;

/** Puts the guard together from its configuration. */
final class Wiring {
    /** The name of an instance has at most 64 characters, see {@code fleet.proto}. */
    private static final int MOST_OF_NODE = 55;

    @Produces
    @Singleton
    EgressBound bound(GuardConfig config) {
        return new EgressBound(config.egressMax().asLongValue(), Ticker.system());
    }

    @Produces
    @Singleton
    Reporter reporter(GuardConfig config, Config all, EgressBound bound) {
        return new Reporter(
                new Reporter.Self(
                        instance(config.node().orElse(System.getenv().getOrDefault("HOSTNAME", "node"))),
                        config.coordinator().zone().orElse(""),
                        all.getOptionalValue("quarkus.application.version", String.class)
                                .orElse(""),
                        config.window()),
                bound,
                InstantSource.system());
    }

    /** No other process has or had it, and people see which node it is. */
    private static String instance(String node) {
        String name = node.replaceAll("[^A-Za-z0-9._-]", "-");
        return name.substring(0, Math.min(MOST_OF_NODE, name.length())) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }
}
