package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /publish}: what a manifest says, and which sources are refused. */
@ExtendWith(AgainstTarget.class)
final class PublishContract {

    private static final byte[] HELLO = "hello world".getBytes(StandardCharsets.US_ASCII);

    private final EdgeClient edge;
    private final Functions functions;
    private final SuiteOrigin origin;
    private final Target target;

    PublishContract(Target target) {
        this.target = target;
        this.edge = target.edge();
        this.functions = target.functions();
        this.origin = target.origin();
    }

    @Test
    void aNewIdIs201AndItsManifestSaysWhatTheSourceSaid() {
        String id = target.freshId("new");
        String source = origin.put("/" + id, HELLO, "\"as-the-origin-says\"");
        JsonNode manifest = publish(Map.of("id", id, "sources", List.of(source)))
                .expect(201)
                .json();
        assertEquals(id, manifest.path("id").asText());
        assertEquals(11, manifest.path("length").asLong());
        assertEquals(4194304, manifest.path("chunkSize").asLong());
        assertEquals("application/x-contract", manifest.path("contentType").asText());
        assertEquals(
                Instant.parse("2024-01-02T03:04:05Z"),
                Instant.parse(manifest.path("lastModified").asText()));
        assertFalse(manifest.path("generation").asText().isBlank(), manifest::toString);
        assertFalse(manifest.path("etag").asText().isBlank(), manifest::toString);
        assertEquals(1, manifest.path("sources").size());
        assertEquals(source, manifest.path("sources").path(0).path("url").asText());
        assertEquals(
                "\"as-the-origin-says\"",
                manifest.path("sources").path(0).path("etag").asText());
        Instant published = Instant.parse(manifest.path("publishedAt").asText());
        assertTrue(published.isAfter(Instant.now().minusSeconds(600)), manifest::toString);
        assertTrue(manifest.path("s3").isMissingNode() || manifest.path("s3").isNull(), manifest::toString);
    }

    @Test
    void whatWasPublishedCanBeDownloaded() {
        String id = target.freshId("downloadable");
        publishHello(id).expect(201);
        Reply reply = edge.get("/download/" + id).expect(200);
        reply.expectBody(HELLO).expectHeader("Content-Type", "application/x-contract");
        reply.expectHeader("Last-Modified", "Tue, 02 Jan 2024 03:04:05 GMT");
    }

    @Test
    void publishingAgainIs200() {
        String id = target.freshId("again");
        publishHello(id).expect(201);
        publishHello(id).expect(200);
    }

    @Test
    void aChangedObjectIsANewGenerationAndNeverSpliced() {
        String id = target.freshId("changed");
        String source = origin.put("/" + id, "first".getBytes(StandardCharsets.US_ASCII), "\"1\"");
        JsonNode first = functions.publish(id, source);
        String firstEtag = edge.get("/download/" + id).required("ETag");

        origin.put("/" + id, "other".getBytes(StandardCharsets.US_ASCII), "\"2\"");
        JsonNode second = functions.publish(id, source);
        assertNotEquals(first.path("generation"), second.path("generation"));
        assertEquals("other", edge.get("/download/" + id).expect(200).text());
        assertEquals(
                "other",
                edge.get("/download/" + id, "Range", "bytes=0-1", "If-Range", firstEtag)
                        .expect(200)
                        .text());
        edge.get("/download/" + id, "If-Match", firstEtag).expectProblem(412, "precondition-failed");
    }

    @Test
    void digestsAreRecordedWhenAsked() {
        String id = target.freshId("digested");
        byte[] bytes = new byte[150_000];
        new Random(7).nextBytes(bytes);
        String source = origin.put("/" + id, bytes, "\"digested\"");
        JsonNode manifest = publish(Map.of("id", id, "sources", List.of(source), "chunkSize", 65536, "digest", true))
                .expect(201)
                .json();
        assertEquals(Sha256.hex(bytes), manifest.path("sha256").asText());
        List<String> chunks = StreamSupport.stream(manifest.path("chunks").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        assertEquals(
                List.of(
                        Sha256.hex(Arrays.copyOfRange(bytes, 0, 65536)),
                        Sha256.hex(Arrays.copyOfRange(bytes, 65536, 131072)),
                        Sha256.hex(Arrays.copyOfRange(bytes, 131072, 150_000))),
                chunks);
        edge.head("/download/" + id).expect(200).expectHeader("Repr-Digest", Sha256.digestField(bytes));
        edge.get("/download/" + id)
                .expectHeader("Repr-Digest", Sha256.digestField(bytes))
                .expectBody(bytes);
        edge.get("/download/" + id, "Range", "bytes=65530-65540")
                .expect(206)
                .expectHeader("Repr-Digest", Sha256.digestField(bytes));
    }

    @Test
    void withoutDigestNothingIsClaimed() {
        String id = target.freshId("undigested");
        JsonNode manifest = publishHello(id).expect(201).json();
        assertFalse(manifest.hasNonNull("sha256"), manifest::toString);
        assertTrue(edge.head("/download/" + id).header("Repr-Digest").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {65536, 131072, 1048576, 16777216})
    void theChunkSizeIsKept(int size) {
        String id = target.freshId("size-" + size);
        String source = origin.put("/" + id, HELLO, "\"s\"");
        JsonNode manifest = publish(Map.of("id", id, "sources", List.of(source), "chunkSize", size))
                .expect(201)
                .json();
        assertEquals(size, manifest.path("chunkSize").asInt());
    }

    @Test
    void anEmptyObjectCanBePublished() {
        String id = target.freshId("empty");
        String source = origin.put("/" + id, new byte[0], "\"empty\"");
        publish(Map.of("id", id, "sources", List.of(source), "digest", true)).expect(201);
        edge.get("/download/" + id).expect(200).expectBody(new byte[0]);
        edge.get("/download/" + id, "Range", "bytes=0-").expectHeader("Content-Range", "bytes */0");
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "LYING"})
    void aSourceWhoseHeadIsNoGoodIsProbedWithARange(SuiteOrigin.Head head) {
        String id = target.freshId("head-" + head);
        String source = origin.put("/" + id, new SuiteOrigin.Entry.Stored(HELLO, "\"h\"", head));
        JsonNode manifest = publish(Map.of("id", id, "sources", List.of(source)))
                .expect(201)
                .json();
        assertEquals(11, manifest.path("length").asLong());
        edge.get("/download/" + id).expect(200).expectBody(HELLO);
    }

    @Test
    void sourcesThatAgreeAreKeptInOrder() {
        String id = target.freshId("two");
        String first = origin.put("/" + id + "/a", HELLO, "\"same\"");
        String second = origin.put("/" + id + "/b", HELLO, "\"same\"");
        JsonNode sources = publish(Map.of("id", id, "sources", List.of(second, first)))
                .expect(201)
                .json()
                .path("sources");
        assertEquals(second, sources.path(0).path("url").asText());
        assertEquals(first, sources.path(1).path("url").asText());
    }

    @Test
    void sourcesOfDifferentLengthAre409() {
        String id = target.freshId("lengths");
        String first = origin.put("/" + id + "/a", HELLO, "\"same\"");
        String second = origin.put("/" + id + "/b", new byte[12], "\"same\"");
        publish(Map.of("id", id, "sources", List.of(first, second))).expectProblem(409, "sources-disagree");
        edge.get("/download/" + id).expectProblem(404, "unknown-id");
    }

    @Test
    void sourcesWithDifferentValidatorsAre409() {
        String id = target.freshId("validators");
        String first = origin.put("/" + id + "/a", HELLO, "\"one\"");
        String second = origin.put("/" + id + "/b", HELLO, "\"two\"");
        publish(Map.of("id", id, "sources", List.of(first, second))).expectProblem(409, "sources-disagree");
    }

    @Test
    void aSourceThatIsNotThereIs409() {
        String id = target.freshId("absent");
        publish(Map.of("id", id, "sources", List.of(origin.url("/nothing-here"))))
                .expectProblem(409);
        edge.get("/download/" + id).expectProblem(404, "unknown-id");
    }

    @Test
    void aSourceThatCannotBeReachedIs409() throws IOException {
        publish(Map.of("id", target.freshId("unreachable"), "sources", List.of(closedPort())))
                .expectProblem(409);
    }

    @Test
    void aFailedPublishLeavesTheOldManifest() throws IOException {
        String id = target.freshId("kept");
        publishHello(id).expect(201);
        publish(Map.of("id", id, "sources", List.of(closedPort()))).expectProblem(409);
        edge.get("/download/" + id).expect(200).expectBody(HELLO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://[::ffff:169.254.169.254]/",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://192.168.1.1/",
                "http://172.16.0.1/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://100.64.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/"
            })
    void aSourceAtAForbiddenAddressIsRefused(String source) {
        publish(Map.of("id", target.freshId("forbidden"), "sources", List.of(source)))
                .expectProblem(409);
    }

    @Test
    void threeRedirectsAreFollowed() {
        String id = target.freshId("redirected");
        origin.put("/" + id, HELLO, "\"r\"");
        String source = redirects(id, 3);
        publish(Map.of("id", id, "sources", List.of(source))).expect(201);
        edge.get("/download/" + id).expect(200).expectBody(HELLO);
    }

    @Test
    void fourRedirectsAreNot() {
        String id = target.freshId("redirected-too-far");
        origin.put("/" + id, HELLO, "\"r\"");
        publish(Map.of("id", id, "sources", List.of(redirects(id, 4)))).expectProblem(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://10.0.0.1/x",
                "file:///etc/passwd",
                "ftp://127.0.0.1/x"
            })
    void aRedirectCannotLeadToWhatASourceMayNotBe(String location) {
        String id = target.freshId("misled");
        String source = origin.put("/" + id, new SuiteOrigin.Entry.Redirect(location));
        publish(Map.of("id", id, "sources", List.of(source))).expectProblem(409);
    }

    @Test
    void anObjectInS3MayBackTheSources() {
        JsonNode s3 = s3OfSmallSample();
        String id = target.freshId("backed");
        String source = origin.put("/" + id, HELLO, "\"b\"");
        JsonNode manifest = publish(Map.of("id", id, "sources", List.of(source), "s3", place(s3)))
                .expect(201)
                .json();
        assertEquals(s3.path("bucket"), manifest.path("s3").path("bucket"));
        assertEquals(s3.path("key"), manifest.path("s3").path("key"));
        assertFalse(manifest.path("s3").path("etag").asText().isBlank(), manifest::toString);
        edge.get("/download/" + id).expect(200).expectBody(HELLO);
    }

    @Test
    void anObjectMissingInS3Is409() {
        String bucket = s3OfSmallSample().path("bucket").asText();
        String id = target.freshId("unbacked");
        String source = origin.put("/" + id, HELLO, "\"b\"");
        publish(Map.of("id", id, "sources", List.of(source), "s3", Map.of("bucket", bucket, "key", "no/such/key")))
                .expectProblem(409);
        edge.get("/download/" + id).expectProblem(404, "unknown-id");
    }

    @Test
    void anObjectOfAnotherLengthInS3Is409() {
        String id = target.freshId("mismatched");
        String source = origin.put("/" + id, new byte[12], "\"b\"");
        publish(Map.of("id", id, "sources", List.of(source), "s3", place(s3OfSmallSample())))
                .expectProblem(409, "sources-disagree");
    }

    @Test
    void bytesAreTheSourcesBytes() {
        String id = target.freshId("bytes");
        byte[] bytes = new byte[1_000_003];
        new Random(11).nextBytes(bytes);
        functions.publish(id, origin.put("/" + id, bytes, "\"bytes\""));
        edge.get("/download/" + id).expect(200).expectBody(bytes);
        assertArrayEquals(
                Arrays.copyOfRange(bytes, 65535, 196_610),
                edge.get("/download/" + id, "Range", "bytes=65535-196609")
                        .expect(206)
                        .body());
    }

    private Reply publish(Map<String, ?> body) {
        return functions.call("publish", body);
    }

    private Reply publishHello(String id) {
        return publish(Map.of("id", id, "sources", List.of(origin.put("/" + id, HELLO, "\"hello\""))));
    }

    private String redirects(String id, int hops) {
        String next = "/" + id;
        for (int hop = 0; hop < hops; hop++) {
            String path = "/" + id + "/hop" + hop;
            origin.put(path, new SuiteOrigin.Entry.Redirect(next));
            next = path;
        }
        return origin.url(next);
    }

    private JsonNode s3OfSmallSample() {
        JsonNode s3 = edge.post("/resolve", "{\"id\":\"sample-11\"}")
                .json()
                .path("manifest")
                .path("s3");
        assertTrue(s3.hasNonNull("bucket"), "the samples are backed by S3");
        return s3;
    }

    private static Map<String, String> place(JsonNode s3) {
        return Map.of(
                "bucket", s3.path("bucket").asText(), "key", s3.path("key").asText());
    }

    private static String closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return "http://127.0.0.1:" + free.getLocalPort() + "/x";
        }
    }
}
