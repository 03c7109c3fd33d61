package io.edgedownload.edge;

import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.Manifest;
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
    static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");
    static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");
    private static final CharSequence HIT_OF_MANIFEST = HttpHeaders.createOptimized("edge; hit; detail=manifest");
    static final CharSequence NO_TIME = HttpHeaders.createOptimized("fetch;dur=0");
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

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    /** A digest field's value (RFC 9530 §2). */
    static String digest(byte[] sha256) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    }
}
