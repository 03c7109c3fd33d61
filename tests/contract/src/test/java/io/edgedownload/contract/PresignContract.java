package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgedownload.local.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /presign}: a URL of S3 that answers exactly one chunk, to whoever sends exactly its Range. */
@ExtendWith(AgainstTarget.class)
final class PresignContract {

    private final EdgeClient edge;
    private final Samples samples;

    PresignContract(Target target) {
        this.edge = target.edge();
        this.samples = target.samples();
    }

    @ParameterizedTest(name = "{0} chunk {1} of {2} -> {3}-{4}")
    @CsvSource({
        "SIXTY_FOUR_MIB, 1, 65536, 0, 65535",
        "SIXTY_FOUR_MIB, 3, 4194304, 8388608, 12582911",
        "SIXTY_FOUR_MIB, 1024, 65536, 67043328, 67108863",
        "ELEVEN, 1, 65536, 0, 10",
    })
    void theUrlAnswersItsChunkWithItsRange(Sample sample, int chunk, int size, int first, int last) {
        JsonNode presigned = presign(sample, chunk, size);
        assertEquals(first, presigned.path("first").asLong());
        assertEquals(last, presigned.path("last").asLong());
        String range = presigned.path("headers").path("Range").asText();
        assertEquals("bytes=" + first + "-" + last, range);
        HttpResponse<byte[]> answer = fetch(presigned.path("url").asText(), range);
        assertEquals(206, answer.statusCode());
        assertArrayEquals(Arrays.copyOfRange(samples.bytes(sample), first, last + 1), answer.body());
    }

    @Test
    void theUrlAnswersNoOtherRange() {
        String url = presign(Sample.SIXTY_FOUR_MIB, 2, 65536).path("url").asText();
        assertEquals(403, fetch(url, "bytes=0-65535").statusCode());
        assertEquals(403, fetch(url, "bytes=65536-131072").statusCode());
        assertEquals(403, fetch(url, "").statusCode());
    }

    @Test
    void theUrlIsGoodForNoOtherObject() {
        JsonNode presigned = presign(Sample.ELEVEN, 1, 65536);
        String url = presigned.path("url").asText().replaceFirst("\\?", "x?");
        String range = presigned.path("headers").path("Range").asText();
        assertEquals(403, fetch(url, range).statusCode());
    }

    @Test
    void itSaysWhenItExpires() {
        Instant expires =
                Instant.parse(presign(Sample.ELEVEN, 1, 65536).path("expiresAt").asText());
        assertTrue(expires.isAfter(Instant.now()), expires::toString);
        assertTrue(expires.isBefore(Instant.now().plusSeconds(7 * 24 * 3600)), "SigV4 knows at most a week");
    }

    @ParameterizedTest(name = "{0} chunk {1}")
    @CsvSource({"SIXTY_FOUR_MIB, 1025", "ELEVEN, 2", "EMPTY, 1"})
    void beyondTheEndIs416(Sample sample, int chunk) {
        edge.post("/presign", Reply.jsonOf(Map.of("id", sample.id(), "chunk", chunk, "size", 65536)))
                .expectProblem(416, "range-not-satisfiable");
    }

    private JsonNode presign(Sample sample, int chunk, int size) {
        return edge.post("/presign", Reply.jsonOf(Map.of("id", sample.id(), "chunk", chunk, "size", size)))
                .expect(200)
                .json();
    }

    /** Asks S3 itself. An empty range is none. */
    private static HttpResponse<byte[]> fetch(String url, String range) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!range.isEmpty()) {
            request.header("Range", range);
        }
        try (HttpClient s3 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return s3.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
