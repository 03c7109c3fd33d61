package io.edgedownload.engine.catalog;

import io.edgedownload.engine.request.DownloadId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The manifest as JSON: what the catalog keeps and what the functions answer with. Needs no reflection. */
public final class ManifestJson {
    private ManifestJson() {}

    /** Maps, lists, strings and numbers only, in the order in which a person would read them. */
    public static Map<String, Object> write(Manifest manifest) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", manifest.id().value());
        json.put("generation", manifest.generation());
        json.put("length", manifest.lengthBytes());
        json.put("chunkSize", manifest.chunkSizeBytes());
        json.put("etag", manifest.etag());
        putIfPresent(json, "lastModified", manifest.lastModified());
        json.put("contentType", manifest.contentType());
        Digests digests = manifest.digests();
        if (digests != null) {
            json.put("sha256", digests.wholeSha256());
            json.put("chunks", digests.chunkSha256());
        }
        json.put("sources", manifest.sources().stream().map(ManifestJson::write).toList());
        S3Object s3 = manifest.s3();
        if (s3 != null) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("bucket", s3.bucket());
            object.put("key", s3.key());
            putIfPresent(object, "etag", s3.etag());
            json.put("s3", object);
        }
        json.put("publishedAt", manifest.publishedAt().toString());
        return json;
    }

    /**
     * Reads what {@link #write} wrote, also after a person edited it.
     *
     * @throws RuntimeException saying which rule is broken: wrong type, missing field or a value out of range
     */
    public static Manifest read(JsonObject json) {
        JsonArray sources = present(json.getJsonArray("sources"), "sources");
        return new Manifest(
                new DownloadId(text(json, "id")),
                text(json, "generation"),
                present(json.getLong("length"), "length"),
                present(json.getInteger("chunkSize"), "chunkSize"),
                instant(json.getString("lastModified")),
                text(json, "contentType"),
                digests(json),
                sources.stream().map(each -> source((JsonObject) each)).toList(),
                s3(json.getJsonObject("s3")),
                Instant.parse(text(json, "publishedAt")));
    }

    private static Map<String, Object> write(Source source) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("url", source.uri().toString());
        putIfPresent(json, "etag", source.validator().etag());
        putIfPresent(json, "lastModified", source.validator().lastModified());
        return json;
    }

    private static Source source(JsonObject json) {
        return new Source(
                URI.create(text(json, "url")), new Validator(json.getString("etag"), json.getString("lastModified")));
    }

    private static @Nullable Digests digests(JsonObject json) {
        String whole = json.getString("sha256");
        if (whole == null) {
            return null;
        }
        List<String> chunks = present(json.getJsonArray("chunks"), "chunks").stream()
                .map(String.class::cast)
                .toList();
        return new Digests(whole, chunks);
    }

    private static @Nullable S3Object s3(@Nullable JsonObject json) {
        return json == null ? null : new S3Object(text(json, "bucket"), text(json, "key"), json.getString("etag"));
    }

    private static void putIfPresent(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value.toString());
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static String text(JsonObject json, String name) {
        return present(json.getString(name), name);
    }

    private static <T> T present(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
