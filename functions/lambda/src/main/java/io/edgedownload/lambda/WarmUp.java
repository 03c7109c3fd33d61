package io.edgedownload.lambda;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Does once, before the first invocation, what would take its time in it: looks for a download that is not there. With a catalog in
 * S3 that resolves S3's name, loads TLS, signs a request and leaves a connection for the first one. Lambda gives a start 10 s and a
 * whole processor, whatever the function's memory; a look-up that fails costs no more than that it was in vain.
 */
@Singleton
final class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** Behind the check of the configuration. */
    private static final int LATE = 10_000;

    private final KnownManifests manifests;
    private final Ticker ticker;

    WarmUp(KnownManifests manifests, Ticker ticker) {
        this.manifests = manifests;
        this.ticker = ticker;
    }

    void start(@Observes @Priority(LATE) StartupEvent start) {
        long beganNanos = ticker.nanos();
        DownloadId none = DownloadId.fromRawPath("edge-download/warm-up").orElseThrow();
        String outcome = switch (manifests.find(none, Deadline.after(LIMIT, ticker))) {
            case Lookup.Found _, Lookup.Unknown _ -> "warm";
            case Lookup.Unavailable(String reason) -> "not warm, the catalog is unavailable: " + reason;
        };
        LOG.infof("%s after %d ms", outcome, (ticker.nanos() - beganNanos) / 1_000_000);
    }
}
