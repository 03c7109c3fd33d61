package io.edgedownload.edge;

import io.edgedownload.engine.Outages;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.Revalidation;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.cache.Obtained.Way;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;

/**
 * Says of an answer how it came about: Cache-Status (RFC 9211), Server-Timing, Age (RFC 9111 §5.1); and of one that could not be
 * given, whether there is more to it than this request.
 */
@Singleton
final class Provenance {
    private static final CharSequence HIT_IN_MEMORY = HttpHeaders.createOptimized("edge; hit; detail=memory");
    private static final CharSequence HIT_ON_SSD = HttpHeaders.createOptimized("edge; hit; detail=ssd");
    private static final CharSequence STALE_IN_MEMORY = HttpHeaders.createOptimized("edge; fwd=stale; detail=memory");
    private static final CharSequence STALE_ON_SSD = HttpHeaders.createOptimized("edge; fwd=stale; detail=ssd");

    private final Outages outages;
    private final Revalidation revalidation;
    private final KnownManifests manifests;
    private final Ticker ticker;

    Provenance(Outages outages, Revalidation revalidation, KnownManifests manifests, Ticker ticker) {
        this.outages = outages;
        this.revalidation = revalidation;
        this.manifests = manifests;
        this.ticker = ticker;
    }

    /** Says how the first bytes were come by, how long each step took, and how old they are. */
    void tell(HttpServerResponse response, Manifest manifest, Piece.Slice slice) {
        switch (slice.way()) {
            case Way.Hit() -> {
                boolean stale = isStale(manifest);
                CharSequence status = switch (slice.chunk()) {
                    case MemoryChunk memory -> stale ? STALE_IN_MEMORY : HIT_IN_MEMORY;
                    case FileChunk file -> stale ? STALE_ON_SSD : HIT_ON_SSD;
                };
                long ageSeconds = (ticker.nanos() - slice.chunk().verifiedAtNanos()) / 1_000_000_000;
                response.putHeader(Fields.CACHE_STATUS, status)
                        .putHeader(Fields.SERVER_TIMING, Fields.NO_TIME)
                        .putHeader(HttpHeaders.AGE, Long.toString(ageSeconds));
            }
            case Way.Miss(Tier tier, Timings timings, boolean collapsed) ->
                response.putHeader(Fields.CACHE_STATUS, missed(tier, collapsed))
                        .putHeader(Fields.SERVER_TIMING, timing(timings));
        }
    }

    private static String missed(Tier tier, boolean collapsed) {
        String detail = switch (tier) {
            case ORIGIN -> "origin";
            case S3, SHARED -> "s3";
        };
        return "edge; fwd=miss; fwd-status=206; stored; detail=" + detail + (collapsed ? "; collapsed" : "");
    }

    private static String timing(Timings timings) {
        return "dns;dur=" + millis(timings.dnsNanos()) + ", wait;dur=" + millis(timings.waitNanos())
                + ", connect;dur=" + millis(timings.connectNanos())
                + (timings.tlsNanos() == 0 ? "" : ", tls;dur=" + millis(timings.tlsNanos()))
                + ", ttfb;dur=" + millis(timings.firstByteNanos()) + ", fetch;dur=" + millis(timings.bodyNanos())
                + ", verify;dur=" + millis(timings.verifyNanos());
    }

    /** With one decimal, as Server-Timing's durations are wont to be. */
    private static String millis(long nanos) {
        long tenths = nanos / 100_000;
        return tenths / 10 + "." + tenths % 10;
    }

    /** The sources or the catalog were to be asked, for it is their state that is delivered, and could not be. */
    private boolean isStale(Manifest manifest) {
        return outages.concern(manifest) || revalidation.isStale(manifest) || manifests.isStale(manifest.id());
    }

    /** Why the bytes cannot be delivered. */
    Problem problem(Manifest manifest, Failure failure) {
        return outages.concern(manifest) ? outage(failure) : Problem.of(failure);
    }

    private static Problem outage(Failure failure) {
        return Problem.of(
                        ProblemType.OUTAGE,
                        "Neither the sources nor S3 can be reached, and this part of the object is not kept here; try again later.")
                .retryAfter(failure.retryAfter());
    }

    /** Why nothing of a generation is delivered any more. */
    static Problem expired(Failure failure) {
        return Problem.of(
                        ProblemType.OUTAGE,
                        "The sources could not be asked for too long whether this is still what they hold; try again later.")
                .retryAfter(failure.retryAfter());
    }
}
