package io.edgedownload.edge;

import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** A detail of readiness: without etcd an instance goes on with the last set, so it stays ready. */
@Readiness
@Singleton
final class HotHealth implements HealthCheck {
    private final Optional<HotSetExchange> exchange;

    HotHealth(Optional<HotSetExchange> exchange) {
        this.exchange = exchange;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder hot = HealthCheckResponse.named("hot set").up();
        if (exchange.isEmpty()) {
            return hot.withData("etcd", "not configured").build();
        }
        return hot.withData(
                        "etcd",
                        exchange.get().reached().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .withData("chunks", exchange.get().current().chunks().size())
                .build();
    }
}
