package io.edgedownload.edge;

import jakarta.inject.Singleton;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** A detail of readiness: an instance that sends less still serves, so it stays ready. */
@Readiness
@Singleton
final class GuardHealth implements HealthCheck {
    private final NetworkGuard guard;
    private final EgressLimit limit;

    GuardHealth(NetworkGuard guard, EgressLimit limit) {
        this.guard = guard;
        this.limit = limit;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("guard")
                .up()
                .withData("sight", guard.sight().name().toLowerCase(Locale.ROOT))
                .withData("network", guard.isLimiting() ? "overloaded" : "normal")
                .withData("established", guard.figures().established())
                .withData("limitBytesPerSecond", limit.bytesPerSecond().orElse(0))
                .build();
    }
}
