package io.edgedownload.edge;

import io.edgedownload.engine.Piece;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.cache.Obtained.Way;
import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.time.Ticker;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** The fields of an answer's head. */
final class Fields {
    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");
    private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");
    private static final CharSequence HIT_IN_MEMORY = HttpHeaders.createOptimized("edge; hit; detail=memory");
    private static final CharSequence HIT_OF_MANIFEST = HttpHeaders.createOptimized("edge; hit; detail=manifest");
    private static final CharSequence NO_TIME = HttpHeaders.createOptimized("fetch;dur=0");
    private static final CharSequence BYTES = HttpHeaders.createOptimized("bytes");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Fields() {}

    /** What every answer about the object says, with or without a body. */
    static void validators(HttpServerResponse response, Manifest manifest) {
        response.putHeader(HttpHeaders.ACCEPT_RANGES, BYTES).putHeader(HttpHeaders.ETAG, manifest.etag());
        Instant lastModified = manifest.lastModified();
        if (lastModified != null) {
            response.putHeader(HttpHeaders.LAST_MODIFIED, httpDate(lastModified));
        }
    }

    /** What an answer with bytes of the object says, or the answer to HEAD in its place. */
    static void representation(HttpServerResponse response, Manifest manifest, String contentType) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType).putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFF);
        Digests digests = manifest.digests();
        if (digests != null) {
            response.putHeader("Repr-Digest", digest(HexFormat.of().parseHex(digests.wholeSha256())));
        }
    }

    /** How an answer came about that needed nothing but the manifest. */
    static void fromManifest(HttpServerResponse response) {
        response.putHeader(CACHE_STATUS, HIT_OF_MANIFEST).putHeader(SERVER_TIMING, NO_TIME);
    }

    /** How the first bytes were come by (RFC 9211), how long each step took, and how old they are (RFC 9111 §5.1). */
    static void origin(HttpServerResponse response, Piece.Slice slice, Ticker ticker) {
        switch (slice.way()) {
            case Way.Hit() -> {
                long ageSeconds = (ticker.nanos() - slice.chunk().verifiedAtNanos()) / 1_000_000_000;
                response.putHeader(CACHE_STATUS, HIT_IN_MEMORY)
                        .putHeader(SERVER_TIMING, NO_TIME)
                        .putHeader(HttpHeaders.AGE, Long.toString(ageSeconds));
            }
            case Way.Miss(Tier tier, Timings timings, boolean collapsed) ->
                response.putHeader(CACHE_STATUS, missed(tier, collapsed)).putHeader(SERVER_TIMING, timing(timings));
        }
    }

    private static String missed(Tier tier, boolean collapsed) {
        String detail = switch (tier) {
            case ORIGIN -> "origin";
            case S3 -> "s3";
        };
        return "edge; fwd=miss; fwd-status=206; stored; detail=" + detail + (collapsed ? "; collapsed" : "");
    }

    private static String timing(Timings timings) {
        return "dns;dur=" + millis(timings.dnsNanos()) + ", wait;dur=" + millis(timings.waitNanos())
                + ", connect;dur=" + millis(timings.connectNanos())
                + ", ttfb;dur=" + millis(timings.firstByteNanos()) + ", fetch;dur=" + millis(timings.bodyNanos())
                + ", verify;dur=" + millis(timings.verifyNanos());
    }

    /** With one decimal, as Server-Timing's durations are wont to be. */
    private static String millis(long nanos) {
        long tenths = nanos / 100_000;
        return tenths / 10 + "." + tenths % 10;
    }

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    /** A digest field's value (RFC 9530 §2). */
    static String digest(byte[] sha256) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    }
}
