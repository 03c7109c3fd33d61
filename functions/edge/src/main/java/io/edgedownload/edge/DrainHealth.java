package io.edgedownload.edge;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** While it is drained an instance is not ready, so that the platform sends it nothing new. */
@Readiness
@Singleton
final class DrainHealth implements HealthCheck {
    private final Draining draining;

    DrainHealth(Draining draining) {
        this.draining = draining;
    }

    @Override
    public HealthCheckResponse call() {
        boolean drained = draining.holds();
        return HealthCheckResponse.named("drain")
                .status(!drained)
                .withData("drained", drained)
                .build();
    }
}
