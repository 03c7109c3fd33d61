package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Connectors for tests on loopback, in real time. */
public final class Connectors {
    public static final Clocks CLOCKS = new Clocks(Ticker.system(), new SystemTimer(), InstantSource.system());

    private Connectors() {}

    /** To 127.0.0.1 alone, with four connections to an origin and four places in the queue for them. */
    public static Connector toLoopback(Vertx vertx) {
        return new Connector(vertx, new SourcePolicy(List.of("127.0.0.1")), limits(4, 4), CLOCKS, _ -> {});
    }

    static Limits limits(int perOrigin, int waiting) {
        return limits(perOrigin, waiting, 1);
    }

    static Limits limits(int perOrigin, int waiting, double tenantShare) {
        return new Limits(
                perOrigin,
                100,
                waiting,
                tenantShare,
                new Limits.Timeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1)));
    }
}
