package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods other than GET and HEAD, and what a browser of another site may do. */
@ExtendWith(AgainstTarget.class)
final class MethodContract {

    private final Target target;
    private final EdgeClient edge;

    MethodContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "QUERY", "get", "BREW"})
    void anotherMethodOnADownloadIs405(String method) {
        Reply reply = edge.send(method, pathOf(Sample.ELEVEN), BodyPublishers.noBody());
        reply.expectProblem(405, "method-not-allowed");
        assertEquals(Set.of("GET", "HEAD"), methods(reply.required("Allow")));
    }

    @Test
    void aBodyDoesNotChangeThat() {
        edge.send("PUT", pathOf(Sample.ELEVEN), BodyPublishers.ofString("x".repeat(10_000)))
                .expectProblem(405, "method-not-allowed");
    }

    @Test
    void traceIs405AndEchoesNothing() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("TRACE", "/download/sample-11", "X-Secret: s3cret"));
            Reply reply = raw.answer("TRACE").expect(405);
            assertTrue(!reply.text().contains("s3cret"), reply::text);
        }
    }

    @ParameterizedTest(name = "{0} /{1}")
    @CsvSource({
        "GET, publish",
        "GET, resolve",
        "GET, warm",
        "GET, evict",
        "GET, presign",
        "PUT, publish",
        "DELETE, evict",
        "PATCH, resolve",
        "HEAD, warm",
    })
    void aFunctionIsPostedTo(String method, String function) {
        Reply reply = edge.send(method, "/" + function, BodyPublishers.noBody()).expect(405);
        assertTrue(methods(reply.required("Allow")).contains("POST"), reply::toString);
        if (!method.equals("HEAD")) {
            reply.expectProblem(405, "method-not-allowed");
        }
    }

    @Test
    void preflightOfAConfiguredOriginIsAllowed() {
        Reply reply = preflight(target.corsOrigin(), "GET");
        assertTrue(reply.status() == 200 || reply.status() == 204, reply::toString);
        reply.expectHeader("Access-Control-Allow-Origin", target.corsOrigin());
        assertTrue(methods(reply.required("Access-Control-Allow-Methods")).contains("GET"), reply::toString);
        assertTrue(reply.required("Access-Control-Allow-Headers")
                .toLowerCase(Locale.ROOT)
                .contains("range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://app.example", "https://app.example.evil.example", "null"})
    void preflightOfAnotherOriginIsNot(String origin) {
        target.corsOrigin();
        Reply reply = preflight(origin, "GET");
        assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty(), reply::toString);
        assertTrue(reply.status() < 500, reply::toString);
    }

    @Test
    void aPageOfAConfiguredOriginMayReadTheAnswer() {
        Reply reply = edge.get(pathOf(Sample.ELEVEN), "Origin", target.corsOrigin(), "Range", "bytes=0-4");
        reply.expect(206).expectHeader("Access-Control-Allow-Origin", target.corsOrigin());
        assertEquals("hello", reply.text());
    }

    @Test
    void aPageOfAnotherOriginMayNot() {
        target.corsOrigin();
        Reply reply = edge.get(pathOf(Sample.ELEVEN), "Origin", "https://evil.example");
        assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty(), reply::toString);
    }

    private Reply preflight(String origin, String method) {
        return edge.send(
                "OPTIONS",
                pathOf(Sample.ELEVEN),
                BodyPublishers.noBody(),
                "Origin",
                origin,
                "Access-Control-Request-Method",
                method,
                "Access-Control-Request-Headers",
                "range");
    }

    private static Set<String> methods(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
    }
}
