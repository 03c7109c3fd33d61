package io.edgedownload.contract;

import static io.edgedownload.contract.RawConnection.request;
import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several ranges: multipart/byteranges for the well-behaved, the whole object for the rest (RFC 9110 §14.2). */
@ExtendWith(AgainstTarget.class)
final class MultiRangeContract {

    private final EdgeClient edge;
    private final Samples samples;

    MultiRangeContract(Target target) {
        this.edge = target.edge();
        this.samples = target.samples();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "ELEVEN, 'bytes=0-0,2-2', '0-0 2-2'",
        "ELEVEN, 'bytes=0-4,6-10', '0-4 6-10'",
        "ELEVEN, 'bytes=0-4, 6-10', '0-4 6-10'",
        "ELEVEN, 'bytes=0-4 ,6-', '0-4 6-10'",
        "ELEVEN, 'bytes=0-1,-2', '0-1 9-10'",
        "ELEVEN, 'bytes=0-0,10-99', '0-0 10-10'",
        "ELEVEN, 'bytes=0-0,,10-10,', '0-0 10-10'",
        "ELEVEN, 'bytes=0-0,2-2,4-4,6-6,8-8,10-10', '0-0 2-2 4-4 6-6 8-8 10-10'",
        "ELEVEN, 'bytes=0-0,2-2,20-30', '0-0 2-2'",
        "ELEVEN, 'bytes=0-0,2-2,-0', '0-0 2-2'",
        "SIXTY_FOUR_MIB, 'bytes=0-99,1000-1099', '0-99 1000-1099'",
        "SIXTY_FOUR_MIB, 'bytes=0-0,67108863-67108863', '0-0 67108863-67108863'",
        "SIXTY_FOUR_MIB, 'bytes=0-0,-1', '0-0 67108863-67108863'",
        "SIXTY_FOUR_MIB, 'bytes=4194300-4194310,8388600-8388620', '4194300-4194310 8388600-8388620'",
        "SIXTY_FOUR_MIB, 'bytes=0-9,20-29,40-49,60-69,80-89,100-109,120-129,140-149',"
                + " '0-9 20-29 40-49 60-69 80-89 100-109 120-129 140-149'",
    })
    void disjointAscendingRangesAreParts(Sample sample, String range, String expected) {
        Reply reply = edge.get(pathOf(sample), "Range", range);
        List<Multipart.Part> parts = Multipart.parts(reply);
        assertEquals(
                expected,
                String.join(
                        " ",
                        parts.stream()
                                .map(part -> part.first() + "-" + part.last())
                                .toList()));
        parts.forEach(part -> expectRight(sample, part));
    }

    @Test
    @Tag("streamed")
    void partsMayBeLarge() {
        disjointAscendingRangesAreParts(
                Sample.SIXTY_FOUR_MIB, "bytes=100-5000000,20000000-30000000", "100-5000000 20000000-30000000");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "bytes=0-4,4-8",
                "bytes=0-4,3-8",
                "bytes=0-10,3-4",
                "bytes=0-0,0-0",
                "bytes=0-,-5",
                "bytes=0-,0-",
                "bytes=0-5,-6",
                "bytes=6-10,0-4",
                "bytes=2-2,0-0,4-4",
                "bytes=-1,0-0",
                "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8",
                "bytes=0-0,2-2,4-4,6-6,8-8,8-8",
            })
    void overlappingUnorderedOrTooManyRangesAreAnsweredWhole(String range) {
        Reply whole = edge.get(pathOf(Sample.ELEVEN), "Range", range).expect(200);
        whole.expectBody(samples.bytes(Sample.ELEVEN));
        assertTrue(whole.header("Content-Range").isEmpty(), whole::toString);
    }

    @Test
    @Tag("streamed")
    void nineRangesOfTheLargeSampleAreAnsweredWhole() {
        String nine = "bytes=0-9,20-29,40-49,60-69,80-89,100-109,120-129,140-149,160-169";
        edge.headOfGet(pathOf(Sample.SIXTY_FOUR_MIB), "Range", nine)
                .expect(200)
                .expectHeader("Content-Length", "67108864");
    }

    @Test
    @Tag("streamed")
    void aThousandRangesAreNotExpensive() {
        StringBuilder range = new StringBuilder("bytes=0-");
        for (int i = 0; i < 999; i++) {
            range.append(",0-");
        }
        edge.headOfGet(pathOf(Sample.SIXTY_FOUR_MIB), "Range", range.toString())
                .expect(200)
                .expectHeader("Content-Length", "67108864");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-4,20-30", "bytes=11-,0-4", "bytes=-0,0-4"})
    void theOneSatisfiableRangeOfSeveralIsAnswered(String range) {
        Reply reply = edge.get(pathOf(Sample.ELEVEN), "Range", range).expect(206);
        byte[] hello = Arrays.copyOf(samples.bytes(Sample.ELEVEN), 5);
        // §15.3.7.2: when one range is left, a multipart with one part and a plain 206 are both allowed.
        if (reply.required("Content-Type").startsWith("multipart/")) {
            List<Multipart.Part> parts = Multipart.parts(reply);
            assertEquals(1, parts.size());
            assertArrayEquals(hello, parts.getFirst().bytes());
        } else {
            reply.expectHeader("Content-Range", "bytes 0-4/11").expectBody(hello);
        }
    }

    @Test
    void aMultipartAnswerCarriesTheValidatorsOfTheWhole() {
        Reply whole = edge.head(pathOf(Sample.ELEVEN));
        Reply multipart =
                edge.get(pathOf(Sample.ELEVEN), "Range", "bytes=0-0,2-2").expect(206);
        assertEquals(whole.required("ETag"), multipart.required("ETag"));
        assertEquals(whole.required("Last-Modified"), multipart.required("Last-Modified"));
    }

    @Test
    void theBoundaryDoesNotOccurInThePartsAndIsFollowedByAnotherAnswer() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base())) {
            raw.send(request("GET", "/download/sample-11", "Range: bytes=0-4,6-10")
                    + request("GET", "/download/sample-11"));
            assertEquals(2, Multipart.parts(raw.answer("GET")).size());
            assertEquals("hello world", raw.answer("GET").expect(200).text());
        }
    }

    private void expectRight(Sample sample, Multipart.Part part) {
        assertEquals(sample.lengthBytes(), part.length());
        assertEquals(edge.head(pathOf(sample)).required("Content-Type"), part.header("Content-Type"));
        byte[] expected = Arrays.copyOfRange(
                samples.bytes(sample), Math.toIntExact(part.first()), Math.toIntExact(part.last() + 1));
        assertArrayEquals(expected, part.bytes(), () -> "bytes of part " + part.first() + "-" + part.last());
    }
}
