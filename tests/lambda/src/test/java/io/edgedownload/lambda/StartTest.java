package io.edgedownload.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.OriginEvent;
import io.edgedownload.fixtures.OriginRequest;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done before the first invocation: all that is slow, once. The origin stands in for S3, where the catalog is. */
final class StartTest {
    private static final String NOTHING = "/download/nothing";

    private final FaultOrigin s3 = FaultOrigin.start();

    StartTest() throws IOException {}

    @AfterEach
    void stopS3() throws IOException {
        s3.close();
    }

    @Test
    void theFirstInvocationFindsAConnectionToS3() throws Exception {
        try (Function function = start(Map.of())) {
            assertEquals(1, asked().size());
            assertEquals(404, RawHttp.get(function.uri().resolve(NOTHING)).status());
            assertEquals(2, asked().getLast().numberOnConnection());
        }
    }

    @Test
    void itIsDoneOnce() throws Exception {
        try (Function function = start(Map.of())) {
            String warmUp = asked().getFirst().path();
            for (int i = 0; i < 3; i++) {
                RawHttp.get(function.uri().resolve(NOTHING + i));
            }
            assertEquals(1, s3.requests(warmUp).size());
        }
    }

    @Test
    void withoutS3ItIsAStartAllTheSame() throws Exception {
        s3.refuseConnections();
        try (Function function = start(Map.of())) {
            s3.acceptConnections();
            assertEquals(
                    200, RawHttp.get(function.uri().resolve("/q/health/live")).status());
        }
    }

    @Test
    void aSettingThatIsNotValidEndsTheStart() {
        AssertionError failed = assertThrows(
                AssertionError.class,
                () -> start(Map.of("edge.client.answer-max", "0")).close());
        assertTrue(String.valueOf(failed.getMessage()).contains("edge.client.answer-max"), failed::toString);
    }

    private Function start(Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(Map.of(
                "edge.access", "open",
                "edge.catalog.type", "s3",
                "edge.catalog.s3.bucket", "manifests",
                "edge.s3.endpoint", s3.uri("").toString(),
                "edge.s3.path-style", "true",
                "edge.s3.access-key-id", "lambda-tests"));
        all.putAll(settings);
        return Function.start("start", all, Map.of("EDGE_S3_SECRET_ACCESS_KEY", "lambda-tests-secret"));
    }

    private List<OriginRequest> asked() {
        return s3.events().stream()
                .filter(OriginEvent.Asked.class::isInstance)
                .map(OriginEvent::request)
                .toList();
    }
}
