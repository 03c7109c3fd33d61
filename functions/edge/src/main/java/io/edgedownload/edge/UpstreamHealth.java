package io.edgedownload.edge;

import io.edgedownload.engine.Outages;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** A detail of readiness: while nothing can be loaded, what is kept is delivered all the same, so the instance stays ready. */
@Readiness
@Singleton
final class UpstreamHealth implements HealthCheck {
    private final Outages outages;

    UpstreamHealth(Outages outages) {
        this.outages = outages;
    }

    @Override
    public HealthCheckResponse call() {
        int downloads = outages.count();
        return HealthCheckResponse.named("upstreams")
                .up()
                .withData("mode", downloads == 0 ? "normal" : "degraded")
                .withData("degradedDownloads", downloads)
                .build();
    }
}
