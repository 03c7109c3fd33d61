package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connectors for tests on loopback, in real time. */
public final class Connectors {
    public static final Clocks CLOCKS = new Clocks(Ticker.system(), new SystemTimer(), InstantSource.system());

    private Connectors() {}

    /** To 127.0.0.1 alone, with four connections to an origin and four places in the queue for them. */
    public static Connector toLoopback(Vertx vertx) {
        return to("127.0.0.1", vertx);
    }

    /** As above, to this network alone. */
    public static Connector to(String network, Vertx vertx) {
        return new Connector(vertx, new SourcePolicy(List.of(network)), limits(4, 4), CLOCKS, _ -> {});
    }

    static Limits limits(int perOrigin, int waiting) {
        return limits(perOrigin, waiting, 1);
    }

    static Limits limits(int perOrigin, int waiting, double tenantShare) {
        return limits(perOrigin, waiting, tenantShare, Duration.ofSeconds(10));
    }

    static Limits limits(int perOrigin, int waiting, double tenantShare, Duration idle) {
        return new Limits(
                perOrigin,
                100,
                waiting,
                tenantShare,
                new Limits.Timeouts(
                        idle,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1)),
                new Limits.Probing(Duration.ofSeconds(15), Duration.ofMillis(800), 2, Duration.ofSeconds(30)));
    }

    /** Sends the request and reads the answer to its end; how long it was. */
    static int exchange(Lease lease) throws Exception {
        try {
            // Before the request is sent: an answer that came in between would end without a reader.
            var body = lease.request().response().compose(HttpClientResponse::body);
            var _ = lease.request().end();
            return body.toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .length();
        } finally {
            lease.end();
        }
    }
}
