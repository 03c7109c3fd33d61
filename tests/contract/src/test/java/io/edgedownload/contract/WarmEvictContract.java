package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code POST /warm} and {@code POST /evict}: what is in the cache is up to the administrator. */
@ExtendWith(AgainstTarget.class)
final class WarmEvictContract {

    /** Four chunks of 64 KiB and a short one. */
    private static final int LENGTH = 300_000;

    private final EdgeClient edge;
    private final Functions functions;
    private final SuiteOrigin origin;
    private final Target target;

    WarmEvictContract(Target target) {
        this.target = target;
        this.edge = target.edge();
        this.functions = target.functions();
        this.origin = target.origin();
    }

    @Test
    void warmingFetchesEveryChunkSoThatTheDownloadIsAHit() {
        JsonNode manifest = published("warmed");
        String id = manifest.path("id").asText();
        JsonNode warmed = functions.call("warm", Map.of("id", id)).expect(200).json();
        assertEquals(id, warmed.path("id").asText());
        assertEquals(manifest.path("generation"), warmed.path("generation"));
        assertEquals(5, warmed.path("chunks").asInt());
        assertEquals(LENGTH, warmed.path("bytes").asLong());

        int before = origin.gets();
        assertTrue(CacheStatus.of(edge.get("/download/" + id).expect(200)).has("hit"));
        assertEquals(before, origin.gets());
    }

    @Test
    void warmingARangeFetchesItsChunksOnly() {
        String id = published("partly").path("id").asText();
        JsonNode warmed = functions
                .call("warm", Map.of("id", id, "first", 65536, "last", 131072))
                .expect(200)
                .json();
        assertEquals(2, warmed.path("chunks").asInt());
        assertTrue(status(id, "bytes=65536-65536").has("hit"));
        assertTrue(status(id, "bytes=131072-131072").has("hit"));
        assertEquals("miss", status(id, "bytes=0-0").value("fwd"));
    }

    @Test
    void warmingTheEmptyObjectIsNoWork() {
        JsonNode warmed =
                functions.call("warm", Map.of("id", "sample-empty")).expect(200).json();
        assertEquals(0, warmed.path("chunks").asInt());
        assertEquals(0, warmed.path("bytes").asLong());
    }

    @Test
    void evictingIs204AndTheNextDownloadIsAMiss() {
        String id = published("evicted").path("id").asText();
        edge.get("/download/" + id).expect(200);
        assertTrue(status(id, "bytes=0-0").has("hit"));
        Reply evicted = functions.call("evict", Map.of("id", id)).expect(204);
        assertEquals(0, evicted.body().length);
        assertEquals("miss", status(id, "bytes=0-0").value("fwd"));
    }

    @Test
    void evictingTwiceIsTheSame() {
        String id = published("evicted-twice").path("id").asText();
        functions.evict(id);
        functions.evict(id);
    }

    @Test
    void evictingOneDownloadLeavesTheOthers() {
        String one = published("neighbour-1").path("id").asText();
        String other = published("neighbour-2").path("id").asText();
        status(one, "bytes=0-0");
        status(other, "bytes=0-0");
        functions.evict(one);
        assertTrue(status(other, "bytes=0-0").has("hit"));
    }

    private CacheStatus status(String id, String range) {
        return CacheStatus.of(edge.get("/download/" + id, "Range", range).expect(206));
    }

    private JsonNode published(String name) {
        String id = target.freshId(name);
        JsonNode manifest = functions.publish(id, origin.put("/" + id, new byte[LENGTH], "\"" + name + "\""));
        functions.evict(id);
        return manifest;
    }
}
