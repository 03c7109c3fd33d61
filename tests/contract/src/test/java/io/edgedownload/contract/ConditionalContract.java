package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Preconditions in the order of RFC 9110 §13.2.2, then Range.
 *
 * <p>In the rows {@code E} is the sample's entity-tag, {@code L} its Last-Modified, {@code L-} and {@code L+} one second
 * before and after; fields are separated by {@code ;}.
 */
@ExtendWith(AgainstTarget.class)
final class ConditionalContract {

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final DateTimeFormatter RFC_850 =
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

    private final EdgeClient edge;
    private final String etag;
    private final ZonedDateTime lastModified;

    ConditionalContract(Target target) {
        this.edge = target.edge();
        Reply head = edge.head(pathOf(Sample.ELEVEN)).expect(200);
        this.etag = head.required("ETag");
        this.lastModified = ZonedDateTime.parse(head.required("Last-Modified"), DateTimeFormatter.RFC_1123_DATE_TIME);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "If-None-Match: E, 304",
        "If-None-Match: *, 304",
        "If-None-Match: W/E, 304", // §13.1.2: compared weakly
        "'If-None-Match: \"other\", E', 304",
        "'If-None-Match: E,\"other\"', 304",
        "'If-None-Match: \"a,b\" , W/\"c\" , E', 304",
        "If-None-Match: \"other\", 200",
        "If-None-Match: W/\"other\", 200",
        "'If-None-Match: \"a\", \"b\"', 200",
        "If-None-Match: \"\", 200",
        "If-Modified-Since: L, 304",
        "If-Modified-Since: L+, 304",
        "If-Modified-Since: L-, 200",
        "If-Modified-Since: yesterday, 200", // §13.1.3: not a date, ignored
        "If-Modified-Since: 0, 200",
        "'If-Modified-Since: Mon, 32 Jan 2024 00:00:00 GMT', 200",
        "If-Modified-Since: rfc850(L), 304", // §5.6.7: obsolete forms must be accepted
        "If-Modified-Since: asctime(L), 304",
        "If-Match: E, 200",
        "If-Match: *, 200",
        "If-Match: W/E, 412", // §13.1.1: compared strongly
        "If-Match: \"other\", 412",
        "'If-Match: \"other\", E', 200",
        "'If-Match: \"a\", \"b\"', 412",
        "'If-Match: W/E, E', 200",
        "If-Unmodified-Since: L, 200",
        "If-Unmodified-Since: L+, 200",
        "If-Unmodified-Since: L-, 412",
        "If-Unmodified-Since: never, 200",
        "If-Unmodified-Since: asctime(L-), 412",
    })
    void aSinglePrecondition(String fields, int status) {
        expect(fields, status);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "If-Match: E; If-Unmodified-Since: L-, 200", // step 2 only without If-Match
        "If-Match: \"other\"; If-Unmodified-Since: L, 412",
        "If-None-Match: \"other\"; If-Modified-Since: L, 200", // step 4 only without If-None-Match
        "If-None-Match: E; If-Modified-Since: L-, 304",
        "If-Match: \"other\"; If-None-Match: E, 412", // step 1 before step 3
        "If-Match: E; If-None-Match: E, 304",
        "If-Match: E; If-None-Match: \"other\", 200",
        "If-Match: E; If-Modified-Since: L, 304",
        "If-Match: \"other\"; If-Modified-Since: L, 412",
        "If-Unmodified-Since: L-; If-None-Match: E, 412", // step 2 before step 3
        "If-Unmodified-Since: L; If-None-Match: E, 304",
        "If-Unmodified-Since: L; If-Modified-Since: L, 304",
        "If-Unmodified-Since: L-; If-Modified-Since: L, 412",
    })
    void severalPreconditionsInTheirOrder(String fields, int status) {
        expect(fields, status);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "If-None-Match: E; Range: bytes=0-4, 304",
        "If-None-Match: \"other\"; Range: bytes=0-4, 206",
        "If-Modified-Since: L; Range: bytes=0-4, 304",
        "If-Modified-Since: L-; Range: bytes=0-4, 206",
        "If-Match: \"other\"; Range: bytes=0-4, 412",
        "If-Match: E; Range: bytes=0-4, 206",
        "If-Unmodified-Since: L-; Range: bytes=0-4, 412",
        "If-Unmodified-Since: L; Range: bytes=0-4, 206",
        "If-Match: \"other\"; Range: bytes=11-, 412",
        "If-None-Match: E; Range: bytes=11-, 304",
        "If-None-Match: \"other\"; Range: bytes=11-, 416",
        "If-Match: E; Range: bytes=11-, 416",
        "'If-None-Match: E; Range: bytes=0-0,2-2', 304",
    })
    void preconditionsComeBeforeRange(String fields, int status) {
        expect(fields, status);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "If-Range: E; Range: bytes=0-4, 206",
        "If-Range: L; Range: bytes=0-4, 206",
        "If-Range: W/E; Range: bytes=0-4, 200", // §13.1.5: strong comparison only
        "If-Range: \"other\"; Range: bytes=0-4, 200",
        "If-Range: L-; Range: bytes=0-4, 200", // exact match, not earlier or later
        "If-Range: L+; Range: bytes=0-4, 200",
        "If-Range: nonsense; Range: bytes=0-4, 200",
        "If-Range: *; Range: bytes=0-4, 200",
        "If-Range: E, 200", // without Range it means nothing
        "If-Range: \"other\", 200",
        "If-Range: E; Range: bytes=11-, 416",
        "If-Range: \"other\"; Range: bytes=11-, 200", // an ignored Range cannot be unsatisfiable
        "If-Range: E; Range: nonsense, 200",
        "If-Range: E; If-None-Match: E; Range: bytes=0-4, 304",
        "If-Range: E; If-None-Match: \"other\"; Range: bytes=0-4, 206",
        "If-Range: \"other\"; If-Match: E; Range: bytes=0-4, 200",
        "If-Range: E; If-Match: \"other\"; Range: bytes=0-4, 412",
    })
    void ifRangeDecidesAboutRange(String fields, int status) {
        expect(fields, status);
    }

    @ParameterizedTest(name = "HEAD {0} -> {1}")
    @CsvSource({
        "If-None-Match: E, 304",
        "If-None-Match: \"other\", 200",
        "If-Modified-Since: L, 304",
        "If-Match: E, 200",
        "If-Unmodified-Since: L, 200",
        "If-Range: E; Range: bytes=0-4, 200",
        "If-None-Match: E; Range: bytes=11-, 304",
    })
    void headIsConditionalToo(String fields, int status) {
        edge.head(pathOf(Sample.ELEVEN), headers(fields)).expect(status);
    }

    @Test
    void headWithAFailedPreconditionIs412WithoutABody() {
        Reply head = edge.head(pathOf(Sample.ELEVEN), "If-Match", "\"other\"").expect(412);
        assertEquals(0, head.body().length);
    }

    @Test
    void notModifiedCarriesTheValidatorAndNoBody() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("GET", "/download/sample-11", "If-None-Match: " + etag)
                    + request("GET", "/download/sample-11"));
            Reply notModified = raw.answer("GET").expect(304);
            notModified.expectHeader("ETag", etag);
            assertTrue(notModified.header("Date").isPresent(), notModified::toString);
            assertEquals("hello world", raw.answer("GET").expect(200).text());
        }
    }

    @Test
    void aChunkIsConditionalToo() {
        String chunk = pathOf(Sample.ELEVEN) + "?chunk=1&size=65536";
        edge.get(chunk, "If-None-Match", etag).expect(304);
        edge.get(chunk, "If-Match", "\"other\"").expectProblem(412, "precondition-failed");
        edge.get(chunk, "If-Match", etag).expect(206);
    }

    @Test
    void theEmptySampleIsConditionalToo() {
        String ofEmpty = edge.head(pathOf(Sample.EMPTY)).required("ETag");
        edge.get(pathOf(Sample.EMPTY), "If-None-Match", ofEmpty).expect(304);
        edge.get(pathOf(Sample.EMPTY), "If-None-Match", ofEmpty, "Range", "bytes=0-0")
                .expect(304);
        edge.get(pathOf(Sample.EMPTY), "If-Match", etag).expectProblem(412, "precondition-failed");
    }

    private void expect(String fields, int status) {
        Reply reply = edge.get(pathOf(Sample.ELEVEN), headers(fields)).expect(status);
        switch (status) {
            case 200 -> assertEquals("hello world", reply.text());
            case 206 ->
                assertEquals(
                        "hello",
                        reply.expectHeader("Content-Range", "bytes 0-4/11").text());
            case 304 -> assertEquals(0, reply.body().length);
            case 412 -> reply.expectProblem(412, "precondition-failed");
            case 416 -> reply.expectProblem(416, "range-not-satisfiable");
            default -> throw new IllegalArgumentException("no such row: " + status);
        }
    }

    private String[] headers(String fields) {
        return Arrays.stream(fields.split("; ?"))
                .flatMap(field -> Arrays.stream(field.split(": ", 2)))
                .map(this::filledIn)
                .toArray(String[]::new);
    }

    private String filledIn(String value) {
        return switch (value) {
            case "L" -> HTTP_DATE.format(lastModified);
            case "L-" -> HTTP_DATE.format(lastModified.minusSeconds(1));
            case "L+" -> HTTP_DATE.format(lastModified.plusSeconds(1));
            case "rfc850(L)" -> RFC_850.format(lastModified.withZoneSameInstant(ZoneOffset.UTC));
            case "asctime(L)" -> ASCTIME.format(lastModified.withZoneSameInstant(ZoneOffset.UTC));
            case "asctime(L-)" ->
                ASCTIME.format(lastModified.withZoneSameInstant(ZoneOffset.UTC).minusSeconds(1));
            default -> value.replaceAll("(?<![\\w-])E(?![\\w-])", java.util.regex.Matcher.quoteReplacement(etag));
        };
    }
}
