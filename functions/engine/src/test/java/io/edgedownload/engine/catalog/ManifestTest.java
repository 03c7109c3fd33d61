package io.edgedownload.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.request.ByteRange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestTest {
    private static final URI SOURCE = URI.create("http://origin.example/file");
    private static final int CHUNK = 64 << 10;

    @Test
    void comesBackFromJsonAsItWas() {
        for (Manifest manifest : List.of(Manifests.full("a/b"), Manifests.of("bare", "g", 0, SOURCE))) {
            JsonObject json = new JsonObject(new JsonObject(ManifestJson.write(manifest)).encodePrettily());
            assertEquals(manifest, ManifestJson.read(json));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "id, '\"a//b\"', empty segments",
        "generation, '\"\"', generation must be",
        "generation, '\"a b\"', generation must be",
        "length, -1, length must be at least 0",
        "length, '\"7\"', ''",
        "chunkSize, 65535, chunkSize must be",
        "chunkSize, 33554432, chunkSize must be",
        "contentType, '\"a\\nb\"', contentType must be",
        "contentType, '\"\"', contentType must be",
        "sha256, '\"00\"', a digest must be",
        "chunks, '[]', chunks must hold one digest for each chunk",
        "sources, '[]', there must be 1 to 8 sources",
        "sources, '[7]', ''",
        "sources, '[{\"url\":\"ftp://a/\"}]', http or https",
        "s3, '{\"bucket\":\"ab\",\"key\":\"k\"}', s3.bucket must be",
        "s3, '{\"bucket\":\"abc\",\"key\":\"\"}', s3.key must be",
        "s3, '{\"bucket\":\"abc\"}', key is missing",
        "lastModified, '\"yesterday\"', ''",
        "publishedAt, '\"yesterday\"', ''"
    })
    void refusesWhatAPersonMayHaveEdited(String name, String value, String complaint) {
        JsonObject json = new JsonObject(ManifestJson.write(Manifests.full("a")));
        json.put(name, new JsonArray("[" + value + "]").getValue(0));
        RuntimeException thrown = assertThrows(RuntimeException.class, () -> ManifestJson.read(json));
        assertTrue(String.valueOf(thrown.getMessage()).contains(complaint), () -> String.valueOf(thrown.getMessage()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"id", "generation", "length", "chunkSize", "contentType", "chunks", "sources", "publishedAt"})
    void namesTheFieldThatIsMissing(String name) {
        JsonObject json = new JsonObject(ManifestJson.write(Manifests.full("a")));
        json.remove(name);
        RuntimeException thrown = assertThrows(IllegalArgumentException.class, () -> ManifestJson.read(json));
        assertEquals(name + " is missing", thrown.getMessage());
    }

    @Test
    void hasAtMostEightSources() {
        URI[] nine = Collections.nCopies(9, SOURCE).toArray(URI[]::new);
        assertThrows(IllegalArgumentException.class, () -> Manifests.of("a", "g", 1, nine));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "65535, 1", "65536, 1", "65537, 2", "131072, 2"})
    void isCutIntoChunks(long lengthBytes, long chunks) {
        assertEquals(chunks, Manifests.of("a", "g", lengthBytes, SOURCE).chunkCount());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, 999_999_999_999_999_999L})
    void theLargestObjectHasALastChunk(long lengthBytes) {
        Manifest manifest = Manifests.of("a", "g", lengthBytes, SOURCE);
        long last = manifest.chunkCount() - 1;
        assertEquals(manifest.chunkAt(lengthBytes - 1), last);
        assertEquals(new ByteRange(last * CHUNK, lengthBytes - 1), manifest.chunk(last));
    }

    @Test
    void theLastChunkMayBeShorter() {
        Manifest manifest = Manifests.full("a");
        assertEquals(new ByteRange(0, CHUNK - 1), manifest.chunk(0));
        assertEquals(new ByteRange(CHUNK, CHUNK), manifest.chunk(1));
        assertEquals(1, manifest.chunkAt(CHUNK));
        assertEquals("a".repeat(64), manifest.chunkSha256(1));
        assertNull(Manifests.of("a", "g", 1, SOURCE).chunkSha256(0));
    }

    @Test
    void itsEntityTagIsTheQuotedGeneration() {
        assertEquals("\"g-1\"", Manifests.full("a").etag());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a/",
                "file:///etc/passwd",
                "/relative",
                "http:opaque",
                "http:///nohost",
                "http://user:secret@a/",
                "http://a/#part",
                "http://a:0/",
                "http://a:65536/"
            })
    void refusesSourcesThatAreNone(String url) {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> Source.checked(URI.create(url)));
        assertTrue(!String.valueOf(thrown.getMessage()).contains("secret"));
    }
}
