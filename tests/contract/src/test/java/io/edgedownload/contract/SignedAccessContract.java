package io.edgedownload.contract;

import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgedownload.local.Sample;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code edge.access=signed}: nothing without a token, and no hint whether an id exists. */
@ExtendWith(AgainstTarget.class)
final class SignedAccessContract {

    private final Target target;
    private final EdgeClient signed;

    SignedAccessContract(Target target) {
        this.target = target;
        this.signed = target.signedEdge();
    }

    @ParameterizedTest(name = "{0} ({1}: {2})")
    @CsvSource({
        "'', Range, bytes=0-4",
        "'', Range, bytes=99-",
        "'', X-None, none",
        "'', If-None-Match, *",
        "'', If-Match, \"other\"",
        "?chunk=1&size=65536, X-None, none",
        "?chunk=99&size=65536, X-None, none",
        "?chunk=nonsense, X-None, none",
        "?sig=, X-None, none",
    })
    void unsignedKnownAndUnknownIdsCannotBeToldApart(String query, String name, String value) {
        Reply known = signed.get(pathOf(Sample.ELEVEN) + query, name, value);
        Reply unknown = signed.get("/download/nosuch-11" + query, name, value);
        assertEquals(comparable(known), comparable(unknown));
        assertEquals(withoutOwnMembers(known), withoutOwnMembers(unknown));
    }

    @Test
    void anUnsignedDownloadIs401() {
        Reply reply = signed.get(pathOf(Sample.ELEVEN));
        reply.expectProblem(401, "unauthorized");
        // RFC 9110 §15.5.2: a 401 says how to do better.
        assertTrue(reply.header("WWW-Authenticate").isPresent(), reply::toString);
        signed.get("/download/nosuch").expectProblem(401, "unauthorized");
        signed.head(pathOf(Sample.ELEVEN)).expect(401);
    }

    @Test
    void aForgedTokenGivesNoHintEither() {
        String forged = "?sig=v1.nosuchkey.9999999999.g." + "A".repeat(43);
        Reply known = signed.get(pathOf(Sample.ELEVEN) + forged);
        Reply unknown = signed.get("/download/nosuch-11" + forged);
        known.expectProblem(403, "signature-unknown-key");
        assertEquals(comparable(known), comparable(unknown));
        assertEquals(withoutOwnMembers(known), withoutOwnMembers(unknown));
    }

    @Test
    void aGoodTokenOpensTheDownload() {
        String sig = "?sig=" + everythingOf("sample-11");
        assertEquals(
                "hello world",
                signed.get("/download/sample-11" + sig).expect(200).text());
        assertEquals(
                "hello",
                signed.get("/download/sample-11" + sig, "Range", "bytes=0-4")
                        .expect(206)
                        .text());
    }

    @Test
    void resolveHandsOutUrlsThatOpen() {
        JsonNode resolved = new Functions(signed, target.adminToken())
                .call("resolve", Map.of("id", "sample-11"))
                .expect(200)
                .json();
        String chunk = resolved.path("chunks").path(0).path("url").asText();
        assertEquals("hello world", signed.get(chunk).expect(206).text());
        String whole = resolved.path("url").asText();
        assertEquals("hello world", signed.get(whole).expect(200).text());
        assertEquals(
                "world", signed.get(whole, "Range", "bytes=6-10").expect(206).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resolve", "presign"})
    void functionsThatHandOutUrlsAreNotForStrangers(String function) {
        // Whoever may sign may download: an open /resolve would make the signature worth nothing.
        String members = function.equals("presign") ? ",\"chunk\":1,\"size\":65536}" : "}";
        Reply known = signed.post("/" + function, "{\"id\":\"sample-11\"" + members);
        Reply unknown = signed.post("/" + function, "{\"id\":\"nosuch-11\"" + members);
        known.expectProblem(401, "unauthorized");
        assertEquals(comparable(known), comparable(unknown));
        assertEquals(withoutOwnMembers(known), withoutOwnMembers(unknown));
    }

    @Test
    void aTokenForAnotherDownloadDoesNotOpen() {
        signed.get("/download/sample-11?sig=" + everythingOf("sample-64m")).expectProblem(403, "signature-invalid");
    }

    private String everythingOf(String id) {
        String generation = target.edge()
                .post("/resolve", Reply.jsonOf(Map.of("id", id)))
                .json()
                .path("manifest")
                .path("generation")
                .asText();
        long inAnHour = Instant.now().getEpochSecond() + 3600;
        return target.signingKey().token(id, generation, inAnHour, SigningKey.ANY, SigningKey.ANY);
    }

    /** Status and fields, but for those that differ between any two answers. */
    private static String comparable(Reply reply) {
        Map<String, Object> headers = new TreeMap<>(reply.headers());
        Set.of("Date", "Traceparent", "traceparent", "Server-Timing", "server-timing", "date")
                .forEach(headers::remove);
        // The ids have the same length, so that even Content-Length may be compared.
        return reply.status() + " " + headers.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private static Map<String, String> withoutOwnMembers(Reply reply) {
        Map<String, String> members = new TreeMap<>();
        reply.json()
                .properties()
                .forEach(
                        member -> members.put(member.getKey(), member.getValue().asText()));
        members.keySet().removeAll(Set.of("instance", "traceId"));
        return members;
    }
}
