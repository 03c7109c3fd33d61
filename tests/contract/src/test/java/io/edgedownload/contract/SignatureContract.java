package io.edgedownload.contract;

import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgedownload.local.Sample;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sig}: what a token grants, what it does not, and how each refusal is told from the others. */
@ExtendWith(AgainstTarget.class)
final class SignatureContract {

    private static final String LARGE = pathOf(Sample.SIXTY_FOUR_MIB);

    private final Target target;
    private final EdgeClient edge;

    SignatureContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @Test
    void aChunkUrlFromResolveWorks() {
        byte[] expected = Arrays.copyOfRange(target.samples().bytes(Sample.SIXTY_FOUR_MIB), 4194304, 8388608);
        Reply reply = edge.get(signedUrl()).expect(206);
        reply.expectHeader("Content-Range", "bytes 4194304-8388607/67108864");
        assertArrayEquals(expected, reply.body());
        edge.head(signedUrl()).expect(206); // the token does not name the method
    }

    @Test
    void aTokenIsMadeAsTheContractSays() {
        SigningKey key = target.signingKey();
        long expires = Instant.now().getEpochSecond() + 3600;
        String token = key.token("sample-64m", generation(), expires, "2", "4194304");
        assertEquals(signature().split("\\.", -1).length, token.split("\\.", -1).length);
        edge.get(chunk2(token)).expect(206);
    }

    @Test
    void aTokenOfResolveIsGoodForAWhile() {
        assertTrue(
                Long.parseLong(signature().split("\\.", -1)[2]) > Instant.now().getEpochSecond() + 30, this::signature);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?chunk=3&size=4194304&sig=", "?chunk=2&size=2097152&sig=", "?chunk=1&sig=", "?sig="})
    void aTokenIsGoodForItsChunkOnly(String query) {
        edge.get(LARGE + query + signature()).expectProblem(403, "signature-invalid");
    }

    @Test
    void aTokenIsGoodForItsDownloadOnly() {
        edge.get(pathOf(Sample.ELEVEN) + "?chunk=2&size=4194304&sig=" + signature())
                .expectProblem(403, "signature-invalid");
    }

    @Test
    void aTamperedMacIs403() {
        edge.get(chunk2(tamperedMac())).expectProblem(403, "signature-invalid");
    }

    @Test
    void aStretchedExpiryIs403() {
        String[] token = signature().split("\\.", -1);
        token[2] = Long.toString(Long.parseLong(token[2]) + 1);
        edge.get(chunk2(String.join(".", token))).expectProblem(403, "signature-invalid");
    }

    @Test
    void anUnknownKeyIs403WithItsOwnType() {
        String[] token = signature().split("\\.", -1);
        token[1] = "nosuchkey";
        edge.get(chunk2(String.join(".", token))).expectProblem(403, "signature-unknown-key");
    }

    @Test
    void anExpiredTokenIs403WithItsOwnType() {
        long past = Instant.now().getEpochSecond() - 3600;
        String sig = target.signingKey().token("sample-64m", generation(), past, "2", "4194304");
        edge.get(chunk2(sig)).expectProblem(403, "signature-expired");
    }

    @Test
    void aTokenOfAnotherGenerationIs412AndLinksTheManifest() {
        String sig = target.signingKey().token("sample-64m", "nosuchgeneration", inAnHour(), "2", "4194304");
        Reply reply = edge.get(chunk2(sig));
        reply.expectProblem(412, "generation-changed");
        assertTrue(reply.required("Link").matches("<[^>]+>; ?rel=.*"), reply::toString);
    }

    @Test
    void aRepublishedDownloadDoesNotAnswerOldTokens() {
        Functions functions = target.functions();
        String id = target.freshId("republished");
        String source = target.origin().put("/" + id, new byte[100_000], "\"first\"");
        functions.publish(id, source);
        String old =
                chunkUrl(edge.post("/resolve", Reply.jsonOf(Map.of("id", id))).json(), 1);
        edge.get(old).expect(206);

        target.origin().put("/" + id, new byte[100_001], "\"second\"");
        functions.publish(id, source);
        Reply reply = edge.get(old);
        reply.expectProblem(412, "generation-changed");
        assertTrue(reply.required("Link").matches("<[^>]+>; ?rel=.*"), reply::toString);
        String renewed =
                chunkUrl(edge.post("/resolve", Reply.jsonOf(Map.of("id", id))).json(), 1);
        edge.get(renewed).expect(206).expectHeader("Content-Range", "bytes 0-65535/100001");
    }

    @ParameterizedTest(name = "Range {0} -> {1}")
    @CsvSource({"bytes=0-99, 206", "bytes=-1, 206", "bytes=67108864-, 416", "'bytes=0-0,2-2', 206"})
    void aTokenForEverythingGrantsAnyRange(String range, int status) {
        edge.get(LARGE + "?sig=" + grantOfEverything(), "Range", range).expect(status);
    }

    @Test
    @Tag("streamed")
    void aTokenForEverythingGrantsTheWhole() {
        edge.headOfGet(LARGE + "?sig=" + grantOfEverything()).expect(200);
    }

    @Test
    void aTokenForEverythingGrantsTheHeadAndEveryChunk() {
        edge.head(LARGE + "?sig=" + grantOfEverything()).expect(200);
        edge.get(LARGE + "?chunk=7&size=65536&sig=" + grantOfEverything()).expect(206);
        edge.get(pathOf(Sample.ELEVEN) + "?sig=" + grantOfEverything()).expectProblem(403, "signature-invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1",
                "v1....",
                "nonsense",
                "v2.k.1.g.m",
                "v1.k.notanumber.g.AAAA",
                "....",
                ".",
                "v1.k.1.g",
                "v1.k.-1.g.AAAA",
                "v1.k.99999999999999999999999.g.AAAA",
                "v1.%00.1.g.AAAA",
                "v1.k.1.g.%FF%FE",
                "v1.k.1.g.!!!!",
                "%F0%9F%98%80"
            })
    void aTokenThatIsNoTokenIsRefused(String sig) {
        Reply reply = edge.get(chunk2(sig));
        assertTrue(reply.status() == 403 || reply.status() == 400, reply::toString);
        Problem.of(reply);
    }

    @Test
    void aTokenOfAbsurdLengthIsRefused() {
        int status = edge.get(chunk2("v1.k.1.g." + "A".repeat(3000))).status();
        assertTrue(status == 400 || status == 403 || status == 414, () -> "status " + status);
    }

    private String grantOfEverything() {
        return target.signingKey().token("sample-64m", generation(), inAnHour(), SigningKey.ANY, SigningKey.ANY);
    }

    private String tamperedMac() {
        String sig = signature();
        int middle = sig.lastIndexOf('.') + 10;
        char flipped = sig.charAt(middle) == 'A' ? 'B' : 'A';
        return sig.substring(0, middle) + flipped + sig.substring(middle + 1);
    }

    private String signature() {
        String url = signedUrl();
        return url.substring(url.indexOf("sig=") + 4);
    }

    private String signedUrl() {
        return chunkUrl(resolved(), 2);
    }

    private String generation() {
        return resolved().path("manifest").path("generation").asText();
    }

    private JsonNode resolved() {
        return edge.post("/resolve", "{\"id\":\"sample-64m\"}").expect(200).json();
    }

    private static String chunkUrl(JsonNode resolved, int number) {
        return resolved.path("chunks").path(number - 1).path("url").asText();
    }

    private static String chunk2(String sig) {
        return LARGE + "?chunk=2&size=4194304&sig=" + sig;
    }

    private static long inAnHour() {
        return Instant.now().getEpochSecond() + 3600;
    }
}
