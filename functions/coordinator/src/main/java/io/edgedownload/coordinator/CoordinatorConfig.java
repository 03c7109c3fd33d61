package io.edgedownload.coordinator;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Every setting of the coordinator. Its servers' are those of Quarkus. */
@ConfigMapping(prefix = "coordinator")
public interface CoordinatorConfig {
    /** The bearer token of edges, and of whoever asks for the fleet by HTTP. */
    Optional<String> token();

    /** What edges and operators know it by; without it, a random one. */
    Optional<String> name();

    /** Peers that may be connected at once. */
    @WithDefault("1000")
    int maxEdges();

    /** How long a peer may say nothing. */
    @WithDefault("60s")
    Duration silence();

    /** What an edge that surges may send in a second, unless it says itself what it can bear. */
    @WithDefault("200M")
    MemorySize egressLimit();

    /** For how long orders hold that are not told again. */
    @WithDefault("60s")
    Duration orders();

    /** How long an edge counts as a new one. */
    @WithDefault("10m")
    Duration young();

    /** Chunks in the fleet's hot set. */
    @WithDefault("100")
    int hot();

    /** How long an edge is drained that nobody lifts it from. */
    @WithDefault("1h")
    Duration drain();

    Etcd etcd();

    /** Where coordinators keep what they know. */
    interface Etcd {
        /** Without it there is only this coordinator. */
        Optional<URI> url();

        @WithDefault("edge-download/fleet/")
        String prefix();

        /** How long an edge is remembered whose coordinator is gone. */
        @WithDefault("15s")
        Duration lease();

        /** Between two times that an edge is stored that goes on as before. */
        @WithDefault("60s")
        Duration interval();

        Optional<String> user();

        Optional<String> password();

        /** For one request. */
        @WithDefault("5s")
        Duration timeout();
    }
}
