package io.edgedownload.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.EdgeClient.SignedChunk;
import io.edgedownload.local.origin.OriginMode;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurlLinesTest {
    private static final String TEXT = new CurlLines(
                    URI.create("http://127.0.0.1:1"),
                    URI.create("http://127.0.0.1:2"),
                    URI.create("http://127.0.0.1:4"),
                    "$(cat '.local/admin-token')",
                    new SignedChunk(
                            URI.create("http://127.0.0.1:1/download/sample-64m?chunk=1&size=4194304&sig=v1"), "abc"),
                    OriginMode.SLOW)
            .text();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl -fsS http://127.0.0.1:1/download/sample-64m -o sample-64m && echo"
                        + " '6b6de30952360c20685b73d4669b1bb3f9a3ed257d99628cf5f345c3fc3d38b7  sample-64m' | sha256sum --check",
                "curl -fsS -r 6-10 http://127.0.0.1:1/download/sample-11",
                "curl -fsS 'http://127.0.0.1:1/download/sample-64m?chunk=1&size=4194304&sig=v1' | sha256sum",
                "curl -fsS -X POST http://127.0.0.1:1/publish -H 'Content-Type: application/json'"
                        + " -H \"Authorization: Bearer $(cat '.local/admin-token')\""
                        + " -d '{\"id\":\"my-file\",\"sources\":[\"http://127.0.0.1:2/sample-11\"]}'",
                "curl -fsS -X POST 'http://127.0.0.1:4/-/mode?to=off'",
                "-d '{\"id\":\"sample-64m\"}'",
                "The sample origin is slow.",
                "Ctrl-C stops everything.",
            })
    void hasEveryLineReadyToPaste(String line) {
        assertTrue(TEXT.contains(line), TEXT);
    }
}
