package io.edgedownload.contract;

import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The CloudEvents attribute {@code deadline}: a moment in RFC 3339 until which there has to be an answer. */
@ExtendWith(AgainstTarget.class)
final class DeadlineContract {

    private static final String MOMENT = "ce-deadline";
    private static final String PAST = "2020-01-01T00:00:00Z";

    private final Target target;
    private final EdgeClient edge;

    DeadlineContract(Target target) {
        this.target = target;
        this.edge = target.edge();
    }

    @Test
    void aMomentThatIsStillToComeChangesNothing() {
        // By far, for the target's clock need not be the suite's.
        Instant later = Instant.now().plus(Duration.ofDays(1));
        Reply reply = edge.get(pathOf(Sample.ELEVEN), MOMENT, later.toString()).expect(200);
        assertEquals("hello world", reply.text());
        edge.head(pathOf(Sample.ELEVEN), MOMENT, later.toString()).expect(200);
        edge.post("/resolve", "{\"id\":\"sample-11\"}", MOMENT, later.toString())
                .expect(200);
        OffsetDateTime elsewhere = later.atOffset(ZoneOffset.ofHoursMinutes(5, 45));
        edge.get(pathOf(Sample.ELEVEN), MOMENT, elsewhere.toString()).expect(200);
    }

    @Test
    void aMomentThatIsOverIs504EvenFromTheCache() {
        edge.get(pathOf(Sample.ELEVEN)).expect(200);
        edge.get(pathOf(Sample.ELEVEN), MOMENT, PAST).expectProblem(504, "deadline");
        edge.get(pathOf(Sample.ELEVEN), MOMENT, PAST, "Range", "bytes=0-4").expectProblem(504, "deadline");
        edge.get(pathOf(Sample.ELEVEN) + "?chunk=1&size=65536", MOMENT, PAST).expectProblem(504, "deadline");
        edge.head(pathOf(Sample.ELEVEN), MOMENT, PAST).expect(504);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "resolve", "warm", "evict", "presign", "limit"})
    void everyFunctionHeedsIt(String function) {
        call(function, PAST).expectProblem(504, "deadline");
        Problem problem = call(function, "tomorrow").expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(MOMENT), problem::toString);
    }

    @Test
    void whatIsOverDoesNothing() {
        String id = target.freshId("late");
        String source = target.origin().put("/" + id, new byte[1], "\"one\"");
        String publication = Reply.jsonOf(Map.of("id", id, "sources", Set.of(source)));
        administer("publish", publication, PAST).expectProblem(504, "deadline");
        edge.get("/download/" + id).expectProblem(404, "unknown-id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tomorrow",
                "0",
                "-1",
                "1500",
                "4102444800",
                "2100-01-01",
                "2100-01-01T00:00:00",
                "2100-01-01T00:00Z",
                "2100-01-01 00:00:00Z",
                "2100-01-01T00:00:00.Z",
                "2100-01-01T00:00:00+00",
                "2100-02-30T00:00:00Z",
                "2100-01-01T25:00:00Z",
                "Fri, 01 Jan 2100 00:00:00 GMT",
                "PT1M",
                "2100-01-01T00:00:00Z, 2100-01-01T00:00:00Z",
            })
    void whatIsNoTimestampIs400(String moment) {
        Problem problem = edge.get(pathOf(Sample.ELEVEN), MOMENT, moment).expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains(MOMENT), problem::toString);
    }

    @Test
    void twoMomentsAre400() {
        edge.get(pathOf(Sample.ELEVEN), MOMENT, "2100-01-01T00:00:00Z", MOMENT, "2100-01-01T00:00:00Z")
                .expectProblem(400, "bad-request");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({PAST, "tomorrow"})
    void accessIsDecidedFirst(String moment) {
        target.signedEdge().get(pathOf(Sample.ELEVEN), MOMENT, moment).expectProblem(401, "unauthorized");
        edge.post("/evict", "{\"id\":\"sample-11\"}", MOMENT, moment).expectProblem(401, "unauthorized");
    }

    @Test
    void whetherAnIdExistsIsNotSaid() {
        edge.get("/download/nosuch", MOMENT, PAST).expectProblem(504, "deadline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "soon", "1.5", "99999999999999999999"})
    void aTimeoutOfAProxyThatIsNoNumberIsIgnored(String millis) {
        edge.get(pathOf(Sample.ELEVEN), "x-envoy-expected-rq-timeout-ms", millis)
                .expect(200);
    }

    /** Calls with the administration token, which every function takes. */
    private Reply call(String function, String moment) {
        return administer(function, "{\"id\":\"sample-11\"}", moment);
    }

    private Reply administer(String function, String body, String moment) {
        return edge.post("/" + function, body, "Authorization", "Bearer " + target.adminToken(), MOMENT, moment);
    }
}
