package io.edgedownload.edge;

import io.edgedownload.engine.cache.SsdTier;
import io.edgedownload.engine.cache.Trouble;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** A detail of readiness: without a disk an instance goes on from memory, so it stays ready. */
@Readiness
@Singleton
final class CacheHealth implements HealthCheck {
    private final Optional<SsdTier> ssd;

    CacheHealth(Optional<SsdTier> ssd) {
        this.ssd = ssd;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder cache = HealthCheckResponse.named("cache").up();
        if (ssd.isEmpty()) {
            return cache.withData("ssd", "not configured").build();
        }
        SsdTier.Statistics now = ssd.get().statistics();
        Trouble trouble = now.trouble();
        cache.withData(
                "ssd",
                trouble == null
                        ? "used"
                        : trouble.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (trouble != null) {
            cache.withData("cure", SsdEvents.cure(trouble));
        }
        return cache.withData("ssdChunks", now.chunks())
                .withData("ssdBytes", now.bytes())
                .build();
    }
}
