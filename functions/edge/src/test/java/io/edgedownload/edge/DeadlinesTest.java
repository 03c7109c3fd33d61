package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.edge.Deadlines.Given;
import io.edgedownload.edge.EdgeConfigTest.Configured;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The earliest of all that says how long a request may take. 300 s are configured, and it is 09:00. */
final class DeadlinesTest {
    private static final String TIMEOUT = "x-envoy-expected-rq-timeout-ms";
    private static final String MOMENT = "ce-deadline";
    private static final Duration CONFIGURED = Duration.ofMinutes(5);
    private static final Instant NINE = Instant.parse("2026-11-23T09:00:00Z");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final AtomicReference<Instant> wall = new AtomicReference<>(NINE);

    @Test
    void withoutAnyOtherItIsTheConfiguredOne() {
        assertEquals(CONFIGURED, left(fields()));
    }

    @ParameterizedTest(name = "{0} ms and until {1}: {2} ms")
    @CsvSource({
        "1500,   2026-11-23T09:00:10Z,          1500",
        "10001,  2026-11-23T09:00:10Z,          10000",
        "1500,   2026-11-23T08:00:01.250-01:00, 1250",
        "400000, 2026-11-23T10:00:00Z,          300000",
        "400000, 2026-11-23T09:04:59Z,          299000",
        "0,      2026-11-23T09:00:10Z,          10000",
    })
    void theEarliestOfMillisecondsAndAMomentWins(String millis, String moment, long leftMillis) {
        assertEquals(
                Duration.ofMillis(leftMillis),
                left(fields().add(TIMEOUT, millis).add(MOMENT, moment)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "soon", "-1", "1.5", "1e3", "0x10", "1234567890123", "300001", "999999999999"})
    void aTimeoutThatSaysNothingOrMoreChangesNothing(String millis) {
        assertEquals(CONFIGURED, left(fields().add(TIMEOUT, millis)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T09:00:02Z",
                "2026-11-23t09:00:02z",
                "2026-11-23T09:00:02.000000000Z",
                "2026-11-23T09:00:02+00:00",
                "2026-11-23T09:00:02-00:00",
                "2026-11-23T14:45:02+05:45",
                "2026-11-22T23:00:02-10:00",
            })
    void everyFormOfATimestampIsTheSameMoment(String moment) {
        assertEquals(Duration.ofSeconds(2), left(fields().add(MOMENT, moment)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "1500",
                "-1",
                "1795424402",
                "2026-11-23",
                "2026-11-23T09:00:02",
                "2026-11-23 09:00:02Z",
                "2026-11-23T09:00Z",
                "2026-11-23T09:00:02.Z",
                "2026-11-23T09:00:02.0000000000Z",
                "2026-11-23T09:00:02,5Z",
                "2026-11-23T09:00:02+0000",
                "2026-11-23T09:00:02+00",
                "2026-11-23T09:00:02+25:00",
                "2026-11-23T09:00:02UTC",
                "2026-11-23T09:00:02Z ",
                "2026-11-31T09:00:02Z",
                "2026-13-01T09:00:02Z",
                "2026-11-23T25:00:02Z",
                "2026-11-23T09:60:02Z",
                "+12026-11-23T09:00:02Z",
                "-0001-11-23T09:00:02Z",
                "Mon, 23 Nov 2026 09:00:02 GMT",
                "PT2S",
                "\u0662026-11-23T09:00:02Z",
            })
    void whatIsNoTimestampIsRefused(String moment) {
        assertEquals(ProblemType.BAD_REQUEST, refusal(fields().add(MOMENT, moment)));
    }

    @Test
    void twoMomentsAreRefused() {
        String moment = "2026-11-23T09:00:02Z";
        assertEquals(
                ProblemType.BAD_REQUEST, refusal(fields().add(MOMENT, moment).add(MOMENT, moment)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T09:00:00Z",
                "2026-11-23T08:59:59.999999999Z",
                "1970-01-01T00:00:00Z",
                "0000-01-01T00:00:00Z"
            })
    void aMomentThatIsOverLeavesNoTime(String moment) {
        assertEquals(ProblemType.DEADLINE, refusal(fields().add(MOMENT, moment)));
    }

    @Test
    void aMomentFarAheadLeavesTheConfiguredTime() {
        assertEquals(CONFIGURED, left(fields().add(MOMENT, "9999-12-31T23:59:59Z")));
    }

    @Test
    void thePlatformsTimeCountsWhereItIsLess() {
        assertEquals(Duration.ofSeconds(2), left(Duration.ofSeconds(2), fields()));
        assertEquals(CONFIGURED, left(Duration.ofMinutes(15), fields()));
        assertEquals(Duration.ofMillis(500), left(Duration.ofSeconds(2), fields().add(TIMEOUT, "500")));
        assertEquals(Duration.ofSeconds(2), left(Duration.ofSeconds(2), fields().add(TIMEOUT, "5000")));
        assertEquals(Duration.ofSeconds(1), left(Duration.ofSeconds(2), fields().add(MOMENT, "2026-11-23T09:00:01Z")));
    }

    @Test
    void thePlatformSaysItOfTheRequest() {
        PlatformTime lambda = fields -> Optional.ofNullable(fields.get("of-the-platform"))
                .map(Long::parseLong)
                .map(Duration::ofMillis);
        assertEquals(Duration.ofMillis(70), left(lambda, fields().add("of-the-platform", "70")));
        assertEquals(CONFIGURED, left(lambda, fields()));
    }

    @Test
    void aPlatformWithoutTimeLeavesNone() {
        Deadlines deadlines = deadlines(fields -> Optional.of(Duration.ofMillis(-3)));
        assertEquals(ProblemType.DEADLINE, refusal(deadlines, fields()));
    }

    @Test
    void theWallClockIsReadOnce() {
        var given = assertInstanceOf(Given.Until.class, unlimited().of(fields().add(MOMENT, "2026-11-23T09:00:02Z")));
        wall.set(NINE.plus(Duration.ofDays(1)));
        assertEquals(Duration.ofSeconds(2), given.deadline().remaining());
        wall.set(NINE.minus(Duration.ofDays(1)));
        assertEquals(Duration.ofSeconds(2), given.deadline().remaining());
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertEquals(Duration.ZERO, given.deadline().remaining());
    }

    @Test
    void aCallWithoutARequestHasTheConfiguredTime() {
        assertEquals(CONFIGURED, unlimited().configured().remaining());
    }

    private Duration left(MultiMap fields) {
        return left(none -> Optional.empty(), fields);
    }

    private Duration left(Duration platform, MultiMap fields) {
        return left(any -> Optional.of(platform), fields);
    }

    private Duration left(PlatformTime platform, MultiMap fields) {
        return assertInstanceOf(Given.Until.class, deadlines(platform).of(fields))
                .deadline()
                .remaining();
    }

    private ProblemType refusal(MultiMap fields) {
        return refusal(unlimited(), fields);
    }

    private static ProblemType refusal(Deadlines deadlines, MultiMap fields) {
        return assertInstanceOf(Given.Refused.class, deadlines.of(fields))
                .problem()
                .type();
    }

    private Deadlines unlimited() {
        return deadlines(fields -> Optional.empty());
    }

    private Deadlines deadlines(PlatformTime platform) {
        return new Deadlines(Configured.with("edge.deadline.total=300s"), platform, wall::get, nanos::get);
    }

    private static MultiMap fields() {
        return MultiMap.caseInsensitiveMultiMap();
    }
}
