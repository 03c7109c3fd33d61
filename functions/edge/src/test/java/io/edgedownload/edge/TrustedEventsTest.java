package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code edge.admin.events=network}: events warm and evict without the token, and nothing else does. */
@QuarkusTest
@TestProfile(TrustedEventsTest.Deployment.class)
final class TrustedEventsTest {
    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URI server;

    @ParameterizedTest
    @ValueSource(strings = {"warm", "evict"})
    void anEventNeedsNoToken(String function) throws IOException {
        assertEquals(404, post("/" + function, binary("edge." + function)).status(), "the id is looked for");
        assertEquals(404, post("/", binary("edge." + function)).status());
        assertEquals(
                404,
                RawHttp.post(server.resolve("/"), Map.of("Content-Type", "application/cloudevents+json"), """
                                {"specversion":"1.0","id":"1","source":"/t","type":"edge.%s","data":{"id":"missing"}}
                                """.formatted(
                                        function))
                        .status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "limit", "resolve", "presign"})
    void otherEventsDo(String function) throws IOException {
        assertEquals(401, post("/" + function, binary("edge." + function)).status());
        assertEquals(401, post("/", binary("edge." + function)).status());
    }

    @Test
    void aPlainCallDoes() throws IOException {
        assertEquals(401, post("/warm", Map.of()).status());
        assertEquals(401, post("/evict", Map.of("ce-type", "edge.evict")).status(), "no event without its version");
    }

    private RawResponse post(String path, Map<String, String> fields) throws IOException {
        return RawHttp.post(server.resolve(path), fields, "{\"id\":\"missing\"}");
    }

    private static Map<String, String> binary(String type) {
        Map<String, String> fields = new HashMap<>();
        fields.put("ce-specversion", "1.0");
        fields.put("ce-id", "1");
        fields.put("ce-source", "/test");
        fields.put("ce-type", type);
        return fields;
    }

    /** Signed, with a token that no test knows. */
    public static final class Deployment implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "edge.admin.events",
                    "network",
                    "edge.admin.token",
                    "of-trusted-events",
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
