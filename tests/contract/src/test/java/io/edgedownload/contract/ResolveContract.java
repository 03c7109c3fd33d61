package io.edgedownload.contract;

import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgedownload.local.Sample;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /resolve}: the manifest, signed URLs of the chunks that a range needs, and where they would come from. */
@ExtendWith(AgainstTarget.class)
final class ResolveContract {

    private final EdgeClient edge;
    private final Samples samples;

    ResolveContract(Target target) {
        this.edge = target.edge();
        this.samples = target.samples();
    }

    @Test
    void theManifestAgreesWithTheDownload() {
        JsonNode manifest = resolve("{\"id\":\"sample-64m\"}").path("manifest");
        Reply head = edge.head(pathOf(Sample.SIXTY_FOUR_MIB));
        assertEquals("sample-64m", manifest.path("id").asText());
        assertEquals(67108864, manifest.path("length").asLong());
        assertEquals(head.required("Content-Type"), manifest.path("contentType").asText());
        assertEquals(
                head.required("ETag").replace("\"", ""),
                manifest.path("etag").asText().replace("\"", ""));
        if (manifest.hasNonNull("sha256")) {
            assertEquals(Sample.SIXTY_FOUR_MIB.sha256(), manifest.path("sha256").asText());
        }
    }

    @Test
    void withoutARangeEveryChunkIsListed() {
        JsonNode chunks = resolve("{\"id\":\"sample-64m\"}").path("chunks");
        assertEquals(16, chunks.size());
        for (int i = 0; i < 16; i++) {
            JsonNode chunk = chunks.path(i);
            assertEquals(i + 1, chunk.path("number").asInt());
            assertEquals(i * 4194304L, chunk.path("first").asLong());
            assertEquals(i * 4194304L + 4194303, chunk.path("last").asLong());
            assertEquals(4194304, chunk.path("size").asLong());
        }
    }

    @ParameterizedTest(name = "{0}-{1} -> chunks {2} to {3}")
    @CsvSource({
        "0, 0, 1, 1",
        "0, 4194303, 1, 1",
        "4194303, 4194304, 1, 2",
        "4194304, 4194304, 2, 2",
        "10000000, 20000000, 3, 5",
        "67108863, 67108863, 16, 16",
    })
    void theChunksOfARangeAreThoseItTouches(long first, long last, int firstChunk, int lastChunk) {
        JsonNode chunks = resolve(Reply.jsonOf(Map.of("id", "sample-64m", "first", first, "last", last)))
                .path("chunks");
        assertEquals(lastChunk - firstChunk + 1, chunks.size());
        assertEquals(firstChunk, chunks.path(0).path("number").asInt());
        assertEquals(lastChunk, chunks.path(chunks.size() - 1).path("number").asInt());
    }

    @Test
    void anOpenRangeGoesToTheEnd() {
        assertEquals(
                2,
                resolve("{\"id\":\"sample-64m\",\"first\":62914559}")
                        .path("chunks")
                        .size());
    }

    @Test
    void everyUrlAnswersItsChunk() {
        byte[] whole = samples.bytes(Sample.SIXTY_FOUR_MIB);
        for (JsonNode chunk : resolve("{\"id\":\"sample-64m\",\"first\":4194303,\"last\":8388608}")
                .path("chunks")) {
            int first = chunk.path("first").asInt();
            int last = chunk.path("last").asInt();
            String url = chunk.path("url").asText();
            assertTrue(
                    url.matches("/download/sample-64m\\?chunk=0*"
                            + chunk.path("number").asInt() + "&size=4194304&sig=v1\\.[^&]+"),
                    url);
            byte[] body = edge.get(url)
                    .expect(206)
                    .expectHeader("Content-Range", "bytes " + first + "-" + last + "/67108864")
                    .body();
            assertArrayEquals(Arrays.copyOfRange(whole, first, last + 1), body);
            if (chunk.hasNonNull("sha256")) {
                assertEquals(
                        HexFormat.of().formatHex(Sha256.digest(body)),
                        chunk.path("sha256").asText());
            }
        }
    }

    @Test
    void theSmallSampleIsOneShortChunk() {
        JsonNode chunks = resolve("{\"id\":\"sample-11\"}").path("chunks");
        assertEquals(1, chunks.size());
        assertEquals(10, chunks.path(0).path("last").asLong());
        assertEquals(
                "hello world",
                edge.get(chunks.path(0).path("url").asText()).expect(206).text());
    }

    @Test
    void theEmptySampleHasNoChunks() {
        assertEquals(0, resolve("{\"id\":\"sample-empty\"}").path("chunks").size());
    }

    @Test
    void sourcesComeWithTheirAddresses() {
        JsonNode resolved = resolve("{\"id\":\"sample-64m\"}");
        JsonNode sources = resolved.path("sources");
        assertFalse(sources.isEmpty(), resolved::toString);
        for (JsonNode source : sources) {
            assertFalse(source.path("url").asText().isBlank(), resolved::toString);
            assertTrue(source.hasNonNull("error") || !source.path("addresses").isEmpty(), resolved::toString);
        }
        assertFalse(resolved.path("source").asText().isBlank(), resolved::toString);
    }

    @Test
    void noSecretIsResolved() {
        String text = resolve("{\"id\":\"sample-64m\"}").toString().toLowerCase(java.util.Locale.ROOT);
        assertFalse(text.contains("secret") || text.contains("x-amz-signature"), text);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {65536, 262144})
    void chunksAreAsLargeAsTheClientAsks(int size) {
        JsonNode resolved = resolve(Reply.jsonOf(Map.of("id", "sample-64m", "first", 1, "last", 1, "chunkSize", size)));
        assertEquals(size, resolved.path("chunkSize").asInt());
        JsonNode chunk = resolved.path("chunks").path(0);
        assertEquals(size, chunk.path("size").asInt());
        assertEquals(size - 1, chunk.path("last").asInt());
        assertFalse(chunk.hasNonNull("sha256"), "only chunks of the published size have a digest on record");
        edge.get(chunk.path("url").asText())
                .expect(206)
                .expectHeader("Content-Range", "bytes 0-" + (size - 1) + "/67108864");
    }

    @Test
    @Tag("streamed")
    void theyMayBeLargerThanThePublishedSize() {
        chunksAreAsLargeAsTheClientAsks(16777216);
    }

    @ParameterizedTest(name = "Downlink {0}, RTT {1}: {2}")
    @CsvSource({"8, 150, 1048576", "0.05, 2000, 65536", "10, 20, 2097152", "1000, 20, 4194304", "none, none, 4194304"})
    void chunksSuitTheNetworkThatTheClientHas(String downlink, String rtt, int size) {
        JsonNode resolved =
                resolve("{\"id\":\"sample-64m\",\"first\":0,\"last\":4194303}", "Downlink", downlink, "RTT", rtt);
        assertEquals(size, resolved.path("chunkSize").asInt());
        assertEquals(4194304 / size, resolved.path("chunks").size());
    }

    @Test
    void whatIsAskedForGoesBeforeWhatTheNetworkIs() {
        JsonNode resolved = resolve("{\"id\":\"sample-64m\",\"chunkSize\":1048576}", "Downlink", "0.05");
        assertEquals(1048576, resolved.path("chunkSize").asInt());
        assertEquals(64, resolved.path("chunks").size());
    }

    private JsonNode resolve(String json, String... fields) {
        Reply reply = edge.post("/resolve", json, fields).expect(200);
        assertTrue(reply.required("Content-Type").startsWith("application/json"), reply::toString);
        return reply.json();
    }
}
