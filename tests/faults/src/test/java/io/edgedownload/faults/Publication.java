package io.edgedownload.faults;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is published about a download, but for its id.
 *
 * @param chunkSizeBytes 64 KiB unless told otherwise, the smallest, so that small objects have several chunks
 */
record Publication(List<String> sources, Optional<StoredObject> s3, int chunkSizeBytes, boolean digest) {

    private static final int SMALLEST_CHUNK_BYTES = 64 * 1024;

    /** An object in S3. */
    record StoredObject(String bucket, String key) {}

    static Publication of(URI... sources) {
        return new Publication(
                List.of(sources).stream().map(URI::toString).toList(), Optional.empty(), SMALLEST_CHUNK_BYTES, false);
    }

    /** A source in a spelling that {@link URI} may refuse. */
    static Publication ofSpelling(String source) {
        return new Publication(List.of(source), Optional.empty(), SMALLEST_CHUNK_BYTES, false);
    }

    Publication withS3(StoredObject object) {
        return new Publication(sources, Optional.of(object), chunkSizeBytes, digest);
    }

    Publication withChunkSize(int bytes) {
        return new Publication(sources, s3, bytes, digest);
    }

    Publication withDigest() {
        return new Publication(sources, s3, chunkSizeBytes, true);
    }

    String json(String id) {
        var urls = sources.stream().map(url -> '"' + url + '"').collect(Collectors.joining(","));
        var backing = s3.map(
                        object -> ",\"s3\":{\"bucket\":\"%s\",\"key\":\"%s\"}".formatted(object.bucket(), object.key()))
                .orElse("");
        return "{\"id\":\"%s\",\"sources\":[%s]%s,\"chunkSize\":%d,\"digest\":%b}"
                .formatted(id, urls, backing, chunkSizeBytes, digest);
    }
}
