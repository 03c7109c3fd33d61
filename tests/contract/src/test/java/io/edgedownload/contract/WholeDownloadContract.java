package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No Range: 200 and the whole object, with everything a client needs to come back for a part of it. */
@ExtendWith(AgainstTarget.class)
final class WholeDownloadContract {

    private final EdgeClient edge;
    private final Samples samples;

    WholeDownloadContract(Target target) {
        this.edge = target.edge();
        this.samples = target.samples();
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "ELEVEN"})
    void getAnswersEveryByteWithItsExactLength(Sample sample) {
        edge.get(pathOf(sample)).expect(200).expectBody(samples.bytes(sample));
    }

    @Test
    @Tag("streamed")
    void theLargeSampleHasItsKnownDigest() {
        Reply whole = edge.get(pathOf(Sample.SIXTY_FOUR_MIB)).expect(200);
        assertEquals(Sample.SIXTY_FOUR_MIB.sha256(), Sha256.hex(whole.body()));
    }

    @Test
    @Tag("streamed")
    void theLargeSampleIsNoException() {
        getAnswersEveryByteWithItsExactLength(Sample.SIXTY_FOUR_MIB);
        headAnswersTheHeadOfGetWithoutABody(Sample.SIXTY_FOUR_MIB);
        theEntityTagIsStrongAndStaysTheSame(Sample.SIXTY_FOUR_MIB);
        reprDigestIsTheDigestOfTheWhole(Sample.SIXTY_FOUR_MIB);
    }

    @Test
    void theSmallSampleIsHelloWorld() {
        assertEquals("hello world", edge.get(pathOf(Sample.ELEVEN)).expect(200).text());
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "ELEVEN"})
    void headAnswersTheHeadOfGetWithoutABody(Sample sample) {
        Reply get = edge.headOfGet(pathOf(sample)).expect(200);
        Reply head = edge.head(pathOf(sample)).expect(200);
        assertEquals(0, head.body().length);
        List.of("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges", "Repr-Digest")
                .forEach(name -> assertEquals(get.header(name), head.header(name), name));
        head.expectHeader("Content-Length", Long.toString(sample.lengthBytes()));
    }

    @ParameterizedTest
    @EnumSource
    void saysThatBytesCanBeAskedFor(Sample sample) {
        edge.head(pathOf(sample)).expect(200).expectHeader("Accept-Ranges", "bytes");
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "ELEVEN"})
    void theEntityTagIsStrongAndStaysTheSame(Sample sample) {
        String etag = edge.head(pathOf(sample)).required("ETag");
        assertTrue(etag.matches("\"[\\x21\\x23-\\x7e]+\""), etag);
        edge.head(pathOf(sample)).expectHeader("ETag", etag);
        edge.headOfGet(pathOf(sample)).expectHeader("ETag", etag);
    }

    @ParameterizedTest
    @EnumSource
    void lastModifiedIsAnHttpDateThatIsNotAfterDate(Sample sample) {
        Reply head = edge.head(pathOf(sample));
        ZonedDateTime lastModified = httpDate(head.required("Last-Modified"));
        assertTrue(!lastModified.isAfter(httpDate(head.required("Date"))), head::toString);
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "ELEVEN"})
    void reprDigestIsTheDigestOfTheWhole(Sample sample) {
        Reply get = edge.get(pathOf(sample)).expect(200);
        // "When known": a sample may be published without digests, but a digest that is said must be right.
        get.header("Repr-Digest").ifPresent(field -> assertEquals(Sha256.digestField(get.body()), field));
    }

    @Test
    void theBodyIsFramedByItsLengthAlone() {
        assertTrue(edge.get(pathOf(Sample.ELEVEN)).header("Transfer-Encoding").isEmpty());
    }

    @Test
    void theBodyIsNeverEncoded() {
        Reply get = edge.get(pathOf(Sample.ELEVEN), "Accept-Encoding", "gzip, br, deflate");
        assertTrue(get.header("Content-Encoding").isEmpty(), get::toString);
        get.expect(200).expectBody(samples.bytes(Sample.ELEVEN));
    }

    @Test
    void headHasNoBodyOnTheWire() throws Exception {
        // A body after a HEAD would be read as the head of the second answer.
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("HEAD", "/download/sample-11") + request("GET", "/download/sample-11"));
            raw.answer("HEAD").expect(200).expectHeader("Content-Length", "11");
            assertEquals("hello world", raw.answer("GET").expect(200).text());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(ranged("0-4") + ranged("6-10") + ranged("20-30") + ranged("4-6"));
            assertEquals("hello", raw.answer("GET").expect(206).text());
            assertEquals("world", raw.answer("GET").expect(206).text());
            raw.answer("GET").expectProblem(416, "range-not-satisfiable");
            assertEquals("o w", raw.answer("GET").expect(206).text());
        }
    }

    @Test
    void http10IsAnsweredAndClosed() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send("GET /download/sample-11 HTTP/1.0\r\n\r\n");
            Reply answer = raw.answer("GET").expect(200);
            assertArrayEquals("hello world".getBytes(StandardCharsets.US_ASCII), answer.body());
            assertTrue(answer.header("Transfer-Encoding").isEmpty(), "HTTP/1.0 knows no transfer coding");
            assertTrue(raw.closedByPeer());
        }
    }

    @Test
    void connectionCloseIsObeyed() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("GET", "/download/sample-11", "Connection: close"));
            assertEquals("hello world", raw.answer("GET").expect(200).text());
            assertTrue(raw.closedByPeer());
        }
    }

    @Test
    void aConnectionIsKeptBetweenRequests() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        "hello world",
                        raw.send(request("GET", "/download/sample-11"))
                                .answer("GET")
                                .text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://edge/download/sample-11", "/download/sample-11?"})
    void otherSpellingsOfTheTargetWork(String target) throws Exception {
        // RFC 9112 §3.2.2: a server must accept the absolute form; an empty query is no query.
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("GET", target));
            assertEquals("hello world", raw.answer("GET").expect(200).text());
        }
    }

    private static String ranged(String range) {
        return request("GET", "/download/sample-11", "Range: bytes=" + range);
    }

    private static ZonedDateTime httpDate(String value) {
        return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
    }
}
