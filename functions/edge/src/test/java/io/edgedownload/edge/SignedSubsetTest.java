package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deployment of some of the functions shows nothing of the others; without an administrator's token nobody is one. */
@QuarkusTest
@TestProfile(SignedSubsetTest.Deployment.class)
final class SignedSubsetTest {
    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URI server;

    @ParameterizedTest
    @ValueSource(strings = {"publish", "warm", "evict", "presign", "limit"})
    void functionsOfOtherDeploymentsAreNotHere(String function) throws IOException {
        assertProblem(404, "unknown-function", post("/" + function, Map.of()));
        assertProblem(404, "unknown-function", RawHttp.get(server.resolve("/" + function)));
    }

    @Test
    void theDownloadIsHereAndWantsASignature() throws IOException {
        assertProblem(401, "unauthorized", RawHttp.get(server.resolve("/download/missing")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer x", "Bearer null"})
    void withoutATokenOfItsOwnItTakesNone(String authorization) throws IOException {
        assertProblem(401, "unauthorized", post("/resolve", Map.of("Authorization", authorization)));
    }

    private RawResponse post(String path, Map<String, String> fields) throws IOException {
        return RawHttp.post(server.resolve(path), fields, "{\"id\":\"missing\"}");
    }

    private static void assertProblem(int status, String type, RawResponse answer) {
        assertEquals(status, answer.status(), answer::toString);
        assertTrue(answer.text().contains("\"/problems/" + type + "\""), answer::toString);
    }

    /** Downloads and their addresses only, signed, with no administrator. */
    public static final class Deployment implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "edge.functions",
                    "download,resolve",
                    "edge.signing.active",
                    "k1",
                    "edge.signing.keys.\"k1\"",
                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                    "edge.catalog.directory",
                    "target/catalog-of-tests",
                    "quarkus.http.test-port",
                    "0");
        }
    }
}
