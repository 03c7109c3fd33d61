package io.edgedownload.guard;

import io.edgedownload.engine.guard.Cause;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the program is attached. */
@Readiness
@Singleton
final class GuardHealth implements HealthCheck {
    private final Guarding guarding;
    private final Reporter reporter;

    GuardHealth(Guarding guarding, Reporter reporter) {
        this.guarding = guarding;
        this.reporter = reporter;
    }

    @Override
    public HealthCheckResponse call() {
        Overview seen = reporter.overview();
        return HealthCheckResponse.named("node")
                .status(guarding.isWatching())
                .withData("groups", seen.groups())
                .withData("surge", seen.over(Cause.CONNECTIONS))
                .withData("retransmits", seen.over(Cause.RETRANSMITS))
                .build();
    }
}
