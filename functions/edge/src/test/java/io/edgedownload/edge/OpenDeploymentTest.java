package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before the functions of a deployment that has them all: tokens, traces, pages of other origins. */
@QuarkusTest
@TestProfile(OpenDeployment.class)
final class OpenDeploymentTest {
    private static final Pattern TRACE_ID = Pattern.compile("\"traceId\":\"([0-9a-f]{32})\"");

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URI server;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer " + OpenDeployment.ADMIN_TOKEN,
                "bearer " + OpenDeployment.ADMIN_TOKEN,
                "Bearer   " + OpenDeployment.ADMIN_TOKEN
            })
    void theTokenOpensTheAdministratorsFunctions(String authorization) throws IOException {
        assertEquals(404, evict(Map.of("Authorization", authorization)).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                OpenDeployment.ADMIN_TOKEN,
                "Basic " + OpenDeployment.ADMIN_TOKEN,
                "Bearer " + OpenDeployment.ADMIN_TOKEN + "x",
                "Bearer x" + OpenDeployment.ADMIN_TOKEN,
                "Bearer edge-tests-admin-toke",
                "Bearer EDGE-TESTS-ADMIN-TOKEN"
            })
    void anythingElseIsRefused(String authorization) throws IOException {
        assertRefused(evict(Map.of("Authorization", authorization)));
    }

    @Test
    void noTokenIsRefused() throws IOException {
        assertRefused(evict(Map.of()));
    }

    @Test
    void aTraceThatIsSentIsTheProblemsTrace() throws IOException {
        String sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        RawResponse answer = missing(Map.of("traceparent", sent));

        assertEquals(Optional.of(sent), answer.field("traceparent"));
        assertEquals("0af7651916cd43dd8448eb211c80319c", traceId(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                "x"
            })
    void aTraceThatIsNotValidIsReplaced(String sent) throws IOException {
        RawResponse answer = missing(Map.of("traceparent", sent));

        assertEquals(Optional.empty(), answer.field("traceparent"));
        assertNotEquals("0af7651916cd43dd8448eb211c80319c", traceId(answer));
    }

    @Test
    void everyRequestWithoutATraceGetsOneOfItsOwn() throws IOException {
        assertNotEquals(traceId(missing(Map.of())), traceId(missing(Map.of())));
    }

    @Test
    void pagesOfTheConfiguredOriginMayRead() throws IOException {
        RawResponse answer = missing(Map.of("Origin", OpenDeployment.PAGE_ORIGIN));

        assertEquals(Optional.of(OpenDeployment.PAGE_ORIGIN), answer.field("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("Origin"), answer.field("Vary"));
        assertTrue(answer.field("Access-Control-Expose-Headers").orElse("").contains("Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.evil", "http://app.example", "https://app.example:8443", "null", "*"})
    void pagesOfOtherOriginsMayNot(String origin) throws IOException {
        RawResponse answer = missing(Map.of("Origin", origin));

        assertEquals(Optional.empty(), answer.field("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("Origin"), answer.field("Vary"));
    }

    @Test
    void aPreflightOfTheConfiguredOriginMaySendRanges() throws IOException {
        RawResponse answer = preflight(OpenDeployment.PAGE_ORIGIN);

        assertEquals(204, answer.status());
        assertEquals(Optional.of("GET, HEAD"), answer.field("Access-Control-Allow-Methods"));
        assertTrue(answer.field("Access-Control-Allow-Headers").orElse("").contains("Range"));
        assertEquals(Optional.of(OpenDeployment.PAGE_ORIGIN), answer.field("Access-Control-Allow-Origin"));
    }

    @Test
    void aPreflightOfAnotherOriginMayNothing() throws IOException {
        RawResponse answer = preflight("https://other.example");

        assertEquals(204, answer.status());
        assertFalse(answer.toString().contains("Access-Control"), answer::toString);
    }

    private RawResponse evict(Map<String, String> fields) throws IOException {
        return RawHttp.post(server.resolve("/evict"), fields, "{\"id\":\"missing\"}");
    }

    private RawResponse missing(Map<String, String> fields) throws IOException {
        RawResponse answer = RawHttp.get(server.resolve("/download/missing"), fields);
        assertEquals(404, answer.status(), answer::toString);
        return answer;
    }

    private RawResponse preflight(String origin) throws IOException {
        return RawHttp.exchange("OPTIONS", server.resolve("/download/missing"), Map.of("Origin", origin));
    }

    private static void assertRefused(RawResponse answer) {
        assertEquals(401, answer.status(), answer::toString);
        assertTrue(answer.field("WWW-Authenticate").orElse("").startsWith("Bearer"), answer::toString);
        assertFalse(answer.text().contains(OpenDeployment.ADMIN_TOKEN), answer::toString);
    }

    private static String traceId(RawResponse answer) {
        return TRACE_ID.matcher(answer.text())
                .results()
                .map((MatchResult found) -> found.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(answer.toString()));
    }
}
