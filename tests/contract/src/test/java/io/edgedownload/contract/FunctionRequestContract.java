package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JSON functions refuse before they do anything: access, size, syntax, fields. */
@ExtendWith(AgainstTarget.class)
final class FunctionRequestContract {

    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final String RESOLVE_SMALL = "{\"id\":\"sample-11\"}";

    private final Target target;
    private final EdgeClient edge;

    FunctionRequestContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "warm", "evict", "limit"})
    void administrationWithoutATokenIs401(String function) {
        Reply reply = edge.post("/" + function, RESOLVE_SMALL);
        reply.expectProblem(401, "unauthorized");
        // RFC 9110 §15.5.2, RFC 6750 §3.
        assertTrue(reply.required("WWW-Authenticate").toLowerCase(Locale.ROOT).startsWith("bearer"), reply::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer",
                "Bearer ",
                "Basic d3Jvbmc=",
                "wrong",
                "Bearer wrong wrong",
                "bearer null",
                "Bearer undefined",
                "Digest x"
            })
    void aWrongTokenIs401(String authorization) {
        for (String function : new String[] {"publish", "warm", "evict", "limit"}) {
            edge.post("/" + function, RESOLVE_SMALL, "Authorization", authorization)
                    .expectProblem(401, "unauthorized");
        }
    }

    @Test
    void almostTheTokenIs401() {
        String token = target.adminToken();
        for (String almost : new String[] {token + "x", token.substring(1), token.substring(0, token.length() - 1)}) {
            edge.post("/evict", RESOLVE_SMALL, "Authorization", "Bearer " + almost)
                    .expectProblem(401, "unauthorized");
        }
    }

    @Test
    void accessIsDecidedBeforeTheBodyIsLookedAt() {
        Problem nonsense = edge.post("/evict", "nonsense").expectProblem(401, "unauthorized");
        Problem unknown = edge.post("/evict", "{\"id\":\"nosuch\"}").expectProblem(401, "unauthorized");
        assertEquals(nonsense.detail(), unknown.detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resolve", "presign"})
    void otherFunctionsNeedNoToken(String function) {
        String body = function.equals("resolve") ? RESOLVE_SMALL : "{\"id\":\"sample-11\",\"chunk\":1,\"size\":65536}";
        edge.post("/" + function, body).expect(200);
    }

    /** RFC 3986 §6.2.2: they are the same, but for the slashes, which are easily one too many. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/resolve/",
                "//resolve",
                "/resolve//",
                "/./resolve",
                "/../resolve",
                "/%72esolve",
                "/publish/../resolve",
                "/resolve?x=y",
                "/resolve/?x=y"
            })
    void aFunctionIsFoundInEverySpellingOfItsPath(String path) throws Exception {
        String head = request(
                "POST",
                path,
                "Connection: close",
                "Content-Type: application/json",
                "Content-Length: " + RESOLVE_SMALL.length());
        try (RawConnection connection = new RawConnection(edge.base())) {
            connection.send(head + RESOLVE_SMALL);
            connection.answer("POST").expect(200);
        }
    }

    @ParameterizedTest(name = "{0} {1} names {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "publish|{}|id",
                "publish|{\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":null,\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":1,\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":true,\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":[\"x\"],\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"..\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"a/../b\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"a//b\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"/a\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"a/\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"a b\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"a\\u0000\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"\\u00e4\",\"sources\":[\"http://127.0.0.1/x\"]}|id",
                "publish|{\"id\":\"x\"}|sources",
                "publish|{\"id\":\"x\",\"sources\":null}|sources",
                "publish|{\"id\":\"x\",\"sources\":[]}|sources",
                "publish|{\"id\":\"x\",\"sources\":\"http://127.0.0.1/x\"}|sources",
                "publish|{\"id\":\"x\",\"sources\":{}}|sources",
                "publish|{\"id\":\"x\",\"sources\":[1]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[null]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[[\"http://127.0.0.1/x\"]]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"not a url\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"/relative\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"//127.0.0.1/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http:///x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http:127.0.0.1/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"ftp://127.0.0.1/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"file:///etc/passwd\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"gopher://127.0.0.1/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1:99999/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://user@127.0.0.1/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://user:pw@127.0.0.1/x\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/a b\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\\r\\nX: y\"]}|sources",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":0}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":-65536}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":65535}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":98304}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":196608}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":33554432}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":\"65536\"}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":65536.5}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":1e400}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":[65536]}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunkSize\":true}|chunkSize",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"digest\":\"true\"}|digest",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"digest\":1}|digest",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":\"bucket/key\"}|s3",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":[]}|s3",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":{}}|bucket",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":{\"bucket\":\"b\"}}|key",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":{\"key\":\"k\"}}|bucket",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":{\"bucket\":1,\"key\":\"k\"}}|bucket",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"s3\":{\"bucket\":\"b\",\"key\":\"k\",\"region\":\"r\"}}|region",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"colour\":\"red\"}|colour",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"ID\":\"x\"}|ID",
                "publish|{\"id\":\"x\",\"sources\":[\"http://127.0.0.1/x\"],\"chunksize\":65536}|chunksize",
                "resolve|{}|id",
                "resolve|{\"id\":1}|id",
                "resolve|{\"id\":null}|id",
                "resolve|{\"id\":{}}|id",
                "resolve|{\"id\":\"sample-11\",\"first\":\"0\"}|first",
                "resolve|{\"id\":\"sample-11\",\"chunkSize\":\"65536\"}|chunkSize",
                "resolve|{\"id\":\"sample-11\",\"chunkSize\":65535}|chunkSize",
                "resolve|{\"id\":\"sample-11\",\"chunkSize\":196608}|chunkSize",
                "resolve|{\"id\":\"sample-11\",\"chunkSize\":33554432}|chunkSize",
                "resolve|{\"id\":\"sample-11\",\"first\":-1}|first",
                "resolve|{\"id\":\"sample-11\",\"first\":1.5}|first",
                "resolve|{\"id\":\"sample-11\",\"first\":0,\"last\":-1}|last",
                "resolve|{\"id\":\"sample-11\",\"first\":0,\"last\":\"9\"}|last",
                "resolve|{\"id\":\"sample-11\",\"first\":0,\"last\":99999999999999999999}|last",
                "resolve|{\"id\":\"sample-11\",\"first\":5,\"last\":4}|last",
                "resolve|{\"id\":\"sample-11\",\"chunk\":1}|chunk",
                "warm|{}|id",
                "warm|{\"id\":[]}|id",
                "warm|{\"id\":\"sample-11\",\"first\":\"0\"}|first",
                "warm|{\"id\":\"sample-11\",\"first\":5,\"last\":4}|last",
                "warm|{\"id\":\"sample-11\",\"all\":true}|all",
                "evict|{}|id",
                "evict|{\"id\":11}|id",
                "evict|{\"id\":\"sample-11\",\"force\":true}|force",
                "limit|{\"perOrigin\":0}|perOrigin",
                "limit|{\"perOrigin\":\"5\"}|perOrigin",
                "limit|{\"perOrigin\":99999999999}|perOrigin",
                "limit|{\"total\":0}|total",
                "limit|{\"waiting\":-1}|waiting",
                "limit|{\"tenantShare\":0}|tenantShare",
                "limit|{\"tenantShare\":1.01}|tenantShare",
                "limit|{\"tenantShare\":\"0.5\"}|tenantShare",
                "limit|{\"tenantShare\":true}|tenantShare",
                "limit|{\"idleSeconds\":0}|idleSeconds",
                "limit|{\"idleSeconds\":3601}|idleSeconds",
                "limit|{\"idleTimeout\":1}|idleTimeout",
                "presign|{}|id",
                "presign|{\"id\":\"sample-11\",\"size\":65536}|chunk",
                "presign|{\"id\":\"sample-11\",\"chunk\":\"1\",\"size\":65536}|chunk",
                "presign|{\"id\":\"sample-11\",\"chunk\":0,\"size\":65536}|chunk",
                "presign|{\"id\":\"sample-11\",\"chunk\":-1,\"size\":65536}|chunk",
                "presign|{\"id\":\"sample-11\",\"chunk\":1.5,\"size\":65536}|chunk",
                "presign|{\"id\":\"sample-11\",\"chunk\":1,\"size\":65537}|size",
                "presign|{\"id\":\"sample-11\",\"chunk\":1,\"size\":\"65536\"}|size",
                "presign|{\"id\":\"sample-11\",\"chunk\":1,\"size\":65536,\"method\":\"PUT\"}|method",
            })
    void aWrongFieldIs400AndNamed(String function, String body, String field) {
        Problem problem = call(function, body).expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(field), problem::toString);
    }

    @Test
    void anIdOf201CharactersIs400() {
        Problem problem = target.functions()
                .callRaw("publish", "{\"id\":\"" + "a".repeat(201) + "\",\"sources\":[\"http://127.0.0.1/x\"]}")
                .expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains("id"), problem::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "{",
                "}",
                "{\"id\"",
                "{\"id\":",
                "{\"id\":\"sample-11\"",
                "{\"id\":\"sample-11\"}}",
                "{\"id\":\"sample-11\"} {\"id\":\"sample-11\"}",
                "{\"id\":\"sample-11\"}x",
                "{\"id\":\"sample-11\",}",
                "{'id':'sample-11'}",
                "{id:\"sample-11\"}",
                "{\"id\":\"sample-11\" /* comment */}",
                "{\"id\":\"sample\n-11\"}",
                "{\"id\":\"sample-11\",\"first\":01}",
                "{\"id\":\"sample-11\",\"first\":NaN}",
                "{\"id\":\"sample-11\",\"first\":+1}",
                "[]",
                "[{\"id\":\"sample-11\"}]",
                "\"sample-11\"",
                "null",
                "true",
                "1",
                "id=sample-11",
                "<id>sample-11</id>",
                "\u0000",
            })
    void whatIsNoJsonObjectIs400(String body) {
        edge.post("/resolve", body).expectProblem(400, "bad-request");
    }

    @Test
    void whatIsNoUtf8Is400() {
        byte[] body = "{\"id\":\"sample-11\",\"first\":0}".getBytes(StandardCharsets.US_ASCII);
        body[8] = (byte) 0xff;
        edge.post("/resolve", BodyPublishers.ofByteArray(body)).expectProblem(400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 34, 100, 1000, 10_000, 500_000})
    void nestingDeeperThan32Is400(int depth) {
        String arrays = "{\"id\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
        edge.post("/resolve", arrays).expectProblem(400, "bad-request");
        String unclosed = "[".repeat(depth);
        edge.post("/resolve", unclosed).expectProblem(400, "bad-request");
        if (depth <= 10_000) {
            String objects = "{\"id\":".repeat(depth) + "1" + "}".repeat(depth);
            edge.post("/resolve", objects).expectProblem(400, "bad-request");
        }
    }

    @Test
    void aBodyOf1MiBIsReadAndOneByteMoreIs413() {
        String atTheLimit = RESOLVE_SMALL + " ".repeat(MAX_BODY_BYTES - RESOLVE_SMALL.length());
        edge.post("/resolve", atTheLimit).expect(200);
        edge.post("/resolve", atTheLimit + " ").expectProblem(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "resolve", "warm", "evict", "presign", "limit"})
    void everyFunctionHasTheLimit(String function) {
        call(function, " ".repeat(MAX_BODY_BYTES + 1)).expectProblem(413);
    }

    @Test
    void aBodyWithoutADeclaredLengthIsMeasuredToo() {
        byte[] tooLarge = " ".repeat(MAX_BODY_BYTES + 1).getBytes(StandardCharsets.US_ASCII);
        edge.post("/resolve", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)))
                .expectProblem(413);
    }

    @Test
    @Tag("streamed")
    void aDeclaredLengthIsRefusedBeforeTheBodyComes() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("POST", "/resolve", "Content-Type: application/json", "Content-Length: 1048577"));
            raw.answer("POST").expectProblem(413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resolve", "warm", "evict", "presign"})
    void anUnknownIdIs404(String function) {
        String body = function.equals("presign")
                ? Reply.jsonOf(Map.of("id", "nosuch", "chunk", 1, "size", 65536))
                : "{\"id\":\"nosuch\"}";
        call(function, body).expectProblem(404, "unknown-id");
    }

    @Test
    void problemsOfFunctionsAreProblemsOfTheContract() {
        Problem problem = edge.post("/resolve", "{\"id\":1}").expectProblem(400, "bad-request");
        assertTrue(problem.instance().contains("/resolve"), problem::toString);
    }

    /** Calls with the administration token where the function needs one. */
    private Reply call(String function, String body) {
        boolean administration = Set.of("publish", "warm", "evict", "limit").contains(function);
        return administration ? target.functions().callRaw(function, body) : edge.post("/" + function, body);
    }
}
