package io.edgedownload.coordinator;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** A detail of readiness: without etcd a coordinator goes on with its own edges, so it stays ready. */
@Readiness
@Singleton
final class StoreHealth implements HealthCheck {
    private final Roster roster;

    StoreHealth(Roster roster) {
        this.roster = roster;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("fleet")
                .up()
                .withData("shared", roster.reached())
                .build();
    }
}
