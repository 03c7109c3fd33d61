package io.edgedownload.engine.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Connectors;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.resolve.LocalResolver;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against a real origin on loopback; whatever it answers, no buffer is lost. */
final class FetcherTest {
    private static final HostedObject OBJECT = HostedObject.random(1, 300_000);
    private static final Validator PINNED = new Validator(OBJECT.etag(), null);
    private static final ByteRange RANGE = new ByteRange(1_000, 200_999);

    private final Vertx vertx = Vertx.vertx();
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final Connector connector = Connectors.toLoopback(vertx);
    private final Fetcher fetcher = new Fetcher(
            vertx,
            LocalResolver.create(),
            connector,
            buffers,
            new Fetcher.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), 1_000, Duration.ofMillis(200)));
    private final FaultOrigin origin;

    FetcherTest() throws IOException {
        origin = FaultOrigin.start();
    }

    @BeforeEach
    void serve() {
        origin.serve("/file", OBJECT);
    }

    @AfterEach
    void everyBufferIsFreed() throws Exception {
        connector.close();
        origin.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(0, buffers.metric().usedDirectMemory());
    }

    @Test
    void fetchesExactlyTheRange() throws InterruptedException {
        ByteBuf bytes = assertInstanceOf(Fetched.Complete.class, fetch(PINNED)).bytes();
        assertTrue(bytes.isDirect());
        assertArrayEquals(OBJECT.slice(RANGE.first(), RANGE.last()), ByteBufUtil.getBytes(bytes));
        bytes.release();
        OriginRequest asked = origin.requests("/file").getFirst();
        assertEquals(Optional.of("bytes=1000-200999"), asked.range());
        assertEquals(Optional.of(OBJECT.etag()), asked.ifMatch());
        assertEquals(Optional.of(OBJECT.etag()), asked.ifRange());
        assertEquals(Optional.of("identity"), asked.fields().first("Accept-Encoding"));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(new Fault.FullBody200(), Kind.NO_RANGE),
                Arguments.of(new Fault.WrongContentRange(1), Kind.LIED),
                Arguments.of(new Fault.WrongTotalLength(1), Kind.LIED),
                Arguments.of(new Fault.MissingContentRange(), Kind.LIED),
                Arguments.of(new Fault.ContentEncodingGzip(), Kind.NO_RANGE),
                Arguments.of(new Fault.ShortContentLength(1), Kind.LIED),
                Arguments.of(new Fault.ChangedEtag("\"other\""), Kind.CHANGED),
                Arguments.of(new Fault.ChangedObject(HostedObject.random(2, 300_000)), Kind.CHANGED),
                Arguments.of(new Fault.Status(412), Kind.CHANGED),
                Arguments.of(new Fault.Status(416), Kind.CHANGED),
                Arguments.of(new Fault.Status(401), Kind.ACCESS),
                Arguments.of(new Fault.Status(403), Kind.ACCESS),
                Arguments.of(new Fault.Status(404), Kind.MISSING),
                Arguments.of(new Fault.Status(410), Kind.MISSING),
                Arguments.of(new Fault.Status(429), Kind.BUSY),
                Arguments.of(new Fault.Status(503), Kind.BUSY),
                Arguments.of(new Fault.Status(500), Kind.SERVER_ERROR),
                Arguments.of(new Fault.Status(204), Kind.LIED),
                Arguments.of(new Fault.Status(418), Kind.LIED),
                Arguments.of(new Fault.Status(302), Kind.LIED),
                Arguments.of(new Fault.ResetAt(0), Kind.UNREACHABLE),
                Arguments.of(new Fault.ResetAt(5_000), Kind.CUT),
                Arguments.of(new Fault.TruncateAt(5_000), Kind.CUT),
                Arguments.of(new Fault.StallAt(5_000), Kind.TIMEOUT),
                Arguments.of(new Fault.GarbageHead(), Kind.UNREACHABLE),
                Arguments.of(new Fault.RedirectTo("ftp://127.0.0.1/file"), Kind.LIED),
                Arguments.of(new Fault.RedirectTo("http://127.0.0.2:1/file"), Kind.FORBIDDEN_ADDRESS),
                Arguments.of(new Fault.RedirectTo("http://169.254.169.254/latest"), Kind.FORBIDDEN_ADDRESS));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void refusesEveryOtherAnswer(Fault fault, Kind kind) throws InterruptedException {
        origin.on("/file").always(fault);
        assertEquals(kind, failure(fetch(PINNED)).kind());
    }

    @Test
    void takesABodyWithoutALength() throws InterruptedException {
        origin.on("/file").always(new Fault.NoLength());
        assertInstanceOf(Fetched.Complete.class, fetch(PINNED)).bytes().release();
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3",
        "0, 0",
        "600, 600",
        "86400, 600",
        "-1, ",
        "1.5, ",
        "9999999999, ",
        "'Sun, 06 Nov 1994 08:49:37 GMT', "
    })
    void hearsHowLongToLeaveASourceAlone(String field, @Nullable Integer seconds) throws InterruptedException {
        origin.on("/file").always(new Fault.Status(503, Map.of("Retry-After", field)));
        assertEquals(
                seconds == null ? null : Duration.ofSeconds(seconds),
                failure(fetch(PINNED)).retryAfter());
    }

    @Test
    void followsThreeRedirectsAndNoMore() throws InterruptedException {
        for (int hop = 1; hop <= 4; hop++) {
            origin.on("/hop" + hop).always(new Fault.RedirectTo(hop == 1 ? "/file" : "/hop" + (hop - 1)));
        }
        assertInstanceOf(Fetched.Complete.class, fetch("/hop3", PINNED, patient()))
                .bytes()
                .release();
        assertEquals(Kind.LIED, failure(fetch("/hop4", PINNED, patient())).kind());
    }

    @Test
    void anAnswerThatNeverBeginsEndsAtTheDeadline() throws InterruptedException {
        origin.on("/file").always(new Fault.AcceptAndStall());
        Deadline soon = Deadline.after(Duration.ofMillis(100), Ticker.system());
        assertEquals(Kind.TIMEOUT, failure(fetch("/file", PINNED, soon)).kind());
    }

    @Test
    void anAnswerUnderWayAtTheDeadlineIsGivenUp() throws InterruptedException {
        origin.on("/file").always(new Fault.StallAt(5_000));
        Deadline soon = Deadline.after(Duration.ofMillis(100), Ticker.system());
        assertEquals(Kind.TIMEOUT, failure(fetch("/file", PINNED, soon)).kind());
    }

    static Stream<Arguments> breaks() {
        Fetcher.Limits floor =
                new Fetcher.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), 1_000, Duration.ofMillis(200));
        Fetcher.Limits shortAttempt =
                new Fetcher.Limits(Duration.ofSeconds(5), Duration.ofSeconds(1), 1_000, Duration.ofSeconds(20));
        return Stream.of(
                Arguments.of(floor, new Fault.StallAt(5_000), Kind.TIMEOUT, Layer.PROGRESS),
                Arguments.of(shortAttempt, new Fault.StallAt(5_000), Kind.TIMEOUT, Layer.BODY),
                Arguments.of(floor, new Fault.TruncateAt(5_000), Kind.CUT, Layer.BODY));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void whatCameBeforeABreakIsKeptAndOnlyTheRestIsAskedElsewhere(
            Fetcher.Limits limits, Fault fault, Kind kind, Layer layer) throws Exception {
        Fetcher limited = new Fetcher(vertx, LocalResolver.create(), connector, buffers, limits);
        origin.on("/file").always(fault);
        try (FaultOrigin elsewhere = FaultOrigin.start()) {
            elsewhere.serve("/file", OBJECT);
            Fetched.Broken broken =
                    assertInstanceOf(Fetched.Broken.class, limited.fetch(query(origin, null), unwatched(), patient()));
            assertEquals(kind, broken.failure().kind());
            assertEquals(layer, broken.failure().layer());
            assertArrayEquals(OBJECT.slice(1_000, 5_999), ByteBufUtil.getBytes(broken.bytes()));

            Fetched rest = limited.fetch(query(elsewhere, broken.bytes()), unwatched(), patient());
            broken.release();
            ByteBuf whole = assertInstanceOf(Fetched.Complete.class, rest).bytes();
            assertArrayEquals(OBJECT.slice(RANGE.first(), RANGE.last()), ByteBufUtil.getBytes(whole));
            whole.release();
            OriginRequest asked = elsewhere.requests("/file").getFirst();
            assertEquals(Optional.of("bytes=6000-200999"), asked.range());
            assertEquals(Optional.of(OBJECT.etag()), asked.ifMatch());
        }
    }

    @Test
    void aWeakTagIsComparedAndNotSent() throws InterruptedException {
        Validator weak = new Validator("W/" + OBJECT.etag(), null);
        assertEquals(Kind.CHANGED, failure(fetch(weak)).kind());
        assertEquals(Optional.empty(), origin.requests("/file").getFirst().ifMatch());
        assertEquals(Optional.empty(), origin.requests("/file").getFirst().ifRange());
    }

    @Test
    void anotherDateIsAChangeWhenADateWasPinned() throws InterruptedException {
        Validator date = new Validator(null, "Thu, 01 Jan 1970 00:00:00 GMT");
        assertEquals(Kind.CHANGED, failure(fetch(date)).kind());
        assertEquals(
                Optional.of("Thu, 01 Jan 1970 00:00:00 GMT"),
                origin.requests("/file").getFirst().ifRange());
    }

    @Test
    void aSourceThatIsDownIsUnreachable() throws Exception {
        origin.refuseConnections();
        assertEquals(Kind.UNREACHABLE, failure(fetch(PINNED)).kind());
    }

    @Test
    void aForbiddenAddressGetsNoConnection() throws Exception {
        try (FaultOrigin other = FaultOrigin.startOn("127.0.0.2")) {
            other.serve("/file", OBJECT);
            assertEquals(
                    Kind.FORBIDDEN_ADDRESS,
                    failure(fetcher.fetch(query(other, null), unwatched(), patient()))
                            .kind());
            assertEquals(0, other.connections());
        }
    }

    @Test
    void connectionsAreUsedAgain() throws InterruptedException {
        for (int turn = 0; turn < 20; turn++) {
            assertInstanceOf(Fetched.Complete.class, fetch(PINNED)).bytes().release();
        }
        // More than one, as an answer is handed over a moment before its connection is back in the pool.
        assertTrue(origin.connections() <= 4, () -> origin.connections() + " connections");
    }

    @Test
    void probesSayWhatIsThere() throws InterruptedException {
        URI uri = origin.uri("/file");
        for (Probed probed : List.of(
                fetcher.probeByHead(uri, Trust.SOURCE, unwatched(), patient()),
                fetcher.probeByRange(uri, Trust.SOURCE, unwatched(), patient()))) {
            Probed.Present present = assertInstanceOf(Probed.Present.class, probed);
            assertEquals(OBJECT.lengthBytes(), present.lengthBytes());
            assertEquals(OBJECT.etag(), present.validator().etag());
        }
    }

    @Test
    void aProbeRefusesASourceWithoutRanges() throws InterruptedException {
        origin.on("/file").always(new Fault.FullBody200());
        Probed probed = fetcher.probeByRange(origin.uri("/file"), Trust.SOURCE, unwatched(), patient());
        assertEquals(
                Kind.LIED,
                assertInstanceOf(Probed.Failed.class, probed).failure().kind());
    }

    private Fetched fetch(Validator validator) throws InterruptedException {
        return fetch("/file", validator, patient());
    }

    private Fetched fetch(String path, Validator validator, Deadline deadline) throws InterruptedException {
        return fetcher.fetch(
                new RangeQuery(origin.uri(path), Trust.SOURCE, RANGE, OBJECT.lengthBytes(), validator, null),
                unwatched(),
                deadline);
    }

    private static RangeQuery query(FaultOrigin from, @Nullable ByteBuf part) {
        return new RangeQuery(from.uri("/file"), Trust.SOURCE, RANGE, OBJECT.lengthBytes(), PINNED, part);
    }

    private static Attempt unwatched() {
        return new Attempt(Map.of());
    }

    private static Deadline patient() {
        return Deadline.after(Duration.ofSeconds(20), Ticker.system());
    }

    private static Failure failure(Fetched fetched) {
        return switch (fetched) {
            case Fetched.Failed(Failure failure) -> failure;
            case Fetched.Broken(ByteBuf bytes, Failure failure) -> {
                bytes.release();
                yield failure;
            }
            case Fetched.Complete complete -> throw new AssertionError("it came whole: " + complete);
        };
    }
}
