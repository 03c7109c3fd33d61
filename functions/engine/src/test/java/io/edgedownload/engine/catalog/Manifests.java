package io.edgedownload.engine.catalog;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.verify.Verifier;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Manifests for tests. */
public final class Manifests {
    private static final int CHUNK = 64 << 10;

    private Manifests() {}

    /** Without digests and S3. */
    public static Manifest of(String id, String generation, long lengthBytes, URI... sources) {
        return new Manifest(
                new DownloadId(id),
                generation,
                lengthBytes,
                CHUNK,
                null,
                "text/plain",
                null,
                List.of(sources).stream()
                        .map(uri -> new Source(uri, new Validator(null, null)))
                        .toList(),
                null,
                Instant.EPOCH);
    }

    /** Of these bytes, with their digests. */
    public static Manifest of(String id, byte[] content, URI... sources) {
        List<String> chunks = new ArrayList<>();
        for (int first = 0; first < content.length; first += CHUNK) {
            chunks.add(sha256(Arrays.copyOfRange(content, first, Math.min(content.length, first + CHUNK))));
        }
        Manifest bare = of(id, "g1", content.length, sources);
        return new Manifest(
                bare.id(),
                bare.generation(),
                bare.lengthBytes(),
                bare.chunkSizeBytes(),
                bare.lastModified(),
                bare.contentType(),
                new Digests(sha256(content), chunks),
                bare.sources(),
                bare.s3(),
                bare.publishedAt());
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Verifier.sha256().digest(bytes));
    }

    /** With everything that there can be; two chunks. */
    static Manifest full(String id) {
        return new Manifest(
                new DownloadId(id),
                "g-1",
                CHUNK + 1,
                CHUNK,
                Instant.parse("2026-01-02T03:04:05Z"),
                "text/plain; charset=utf-8",
                new Digests("0".repeat(64), Collections.nCopies(2, "a".repeat(64))),
                List.of(
                        new Source(URI.create("http://origin.example/a?b=c"), new Validator("\"e\"", "then")),
                        new Source(URI.create("https://[2001:db8::1]:8443/"), new Validator(null, null))),
                new S3Object("bucket", "a/key", "\"s3\""),
                Instant.parse("2026-01-02T03:04:06.789Z"));
    }
}
