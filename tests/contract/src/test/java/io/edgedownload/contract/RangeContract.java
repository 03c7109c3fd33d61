package io.edgedownload.contract;

import static io.edgedownload.contract.Samples.pathOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.local.Sample;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One range (RFC 9110 §14): 206 with exactly the bytes, 416, or as if there were no Range. */
@ExtendWith(AgainstTarget.class)
final class RangeContract {

    private final EdgeClient edge;
    private final Samples samples;

    RangeContract(Target target) {
        this.edge = target.edge();
        this.samples = target.samples();
    }

    @ParameterizedTest(name = "{0} -> {1}-{2}")
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-4, 0, 4",
        "bytes=6-10, 6, 10",
        "bytes=10-10, 10, 10",
        "bytes=0-10, 0, 10",
        "bytes=0-, 0, 10",
        "bytes=6-, 6, 10",
        "bytes=10-, 10, 10",
        "bytes=-1, 10, 10",
        "bytes=-5, 6, 10",
        "bytes=-11, 0, 10",
        // §14.1.2: a suffix longer than the object is the whole object.
        "bytes=-12, 0, 10",
        "bytes=-9223372036854775807, 0, 10",
        "bytes=-99999999999999999999999, 0, 10",
        // §14.1.2: a last position beyond the end is the end.
        "bytes=0-11, 0, 10",
        "bytes=10-11, 10, 10",
        "bytes=3-9223372036854775807, 3, 10",
        "bytes=3-9223372036854775808, 3, 10",
        "bytes=3-99999999999999999999999, 3, 10",
        "bytes=00000000000000000000003-00000000000000000000005, 3, 5",
        // §14.1: names of range units do not depend on case.
        "Bytes=0-4, 0, 4",
        "BYTES=-5, 6, 10",
    })
    void aSatisfiableRangeIsAnsweredExactly(String range, int first, int last) {
        expectPartial(Sample.ELEVEN, range, first, last);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-4,", "bytes=,0-4", "bytes=, ,0-4 ,"})
    void emptyListElementsAreIgnored(String range) {
        // §5.6.1.2: a recipient must parse and ignore a reasonable number of empty list elements.
        expectPartial(Sample.ELEVEN, range, 0, 4);
    }

    @ParameterizedTest(name = "{0} -> {1}-{2}")
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-65535, 0, 65535",
        "bytes=12345-12345, 12345, 12345",
        "bytes=4194303-4194303, 4194303, 4194303",
        "bytes=4194304-4194304, 4194304, 4194304",
        "bytes=4194303-4194304, 4194303, 4194304",
        "bytes=0-4194303, 0, 4194303",
        "bytes=4194304-8388607, 4194304, 8388607",
        "bytes=67108863-, 67108863, 67108863",
        "bytes=67108863-67108863, 67108863, 67108863",
        "bytes=67108800-70000000, 67108800, 67108863",
        "bytes=-1, 67108863, 67108863",
        "bytes=-4194304, 62914560, 67108863",
    })
    void chunkBordersCannotBeSeen(String range, int first, int last) {
        expectPartial(Sample.SIXTY_FOUR_MIB, range, first, last);
    }

    @ParameterizedTest(name = "{0} -> {1}-{2}")
    @Tag("streamed")
    @CsvSource({
        "bytes=4194304-8388608, 4194304, 8388608",
        "bytes=4194303-8388608, 4194303, 8388608",
        "bytes=1-12582912, 1, 12582912",
        "bytes=33554431-67108863, 33554431, 67108863",
        "bytes=50331647-, 50331647, 67108863",
        "bytes=-4194305, 62914559, 67108863",
        "bytes=-20000000, 47108864, 67108863",
        "bytes=0-67108863, 0, 67108863",
        "bytes=-67108864, 0, 67108863",
    })
    void chunkBordersCannotBeSeenInLargeAnswersEither(String range, int first, int last) {
        expectPartial(Sample.SIXTY_FOUR_MIB, range, first, last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=0",
                "bytes=a-b",
                "bytes=0-b",
                "bytes=a-4",
                "bytes=4-2",
                "bytes=10-9",
                "bytes=--5",
                "bytes=-5-",
                "bytes=-5-6",
                "bytes=0-4-6",
                "bytes=0x0-4",
                "bytes=0-4;",
                "bytes=0 - 4",
                "bytes=1.0-4",
                "bytes=+0-4",
                "bytes=0-+4",
                "bytes=1e0-4",
                "bytes=0-4,x",
                "bytes=0-4,5-2",
                "bytes=0-4 6-10",
                "bytes==0-4",
                "bytes:0-4",
                "bytes 0-4",
                "=0-4",
                "0-4",
                "-5",
                ",",
                "items=0-4",
                "seconds=1-2",
                "none",
                "byte=0-4",
                "bytess=0-4",
                "%62ytes=0-4",
            })
    void anInvalidOrUnknownRangeIsIgnored(String range) {
        Reply whole = edge.get(pathOf(Sample.ELEVEN), "Range", range).expect(200);
        whole.expectBody(samples.bytes(Sample.ELEVEN));
        assertTrue(whole.header("Content-Range").isEmpty(), whole::toString);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "ELEVEN, bytes=11-",
        "ELEVEN, bytes=11-11",
        "ELEVEN, bytes=11-20",
        "ELEVEN, bytes=4194304-",
        "ELEVEN, bytes=9223372036854775807-",
        "ELEVEN, bytes=9223372036854775808-",
        "ELEVEN, bytes=99999999999999999999999-",
        "ELEVEN, bytes=-0",
        "ELEVEN, bytes=-000",
        "ELEVEN, 'bytes=11-12,20-30'",
        "ELEVEN, 'bytes=11-,-0'",
        "SIXTY_FOUR_MIB, bytes=67108864-",
        "SIXTY_FOUR_MIB, bytes=67108864-67108864",
        "SIXTY_FOUR_MIB, bytes=-0",
        "EMPTY, bytes=0-",
        "EMPTY, bytes=0-0",
        "EMPTY, bytes=0-99",
        "EMPTY, bytes=1-",
        "EMPTY, bytes=-1",
        "EMPTY, bytes=-0",
    })
    void anUnsatisfiableRangeIs416AndSaysTheLength(Sample sample, String range) {
        Reply reply = edge.get(pathOf(sample), "Range", range);
        reply.expectProblem(416, "range-not-satisfiable");
        reply.expectHeader("Content-Range", "bytes */" + sample.lengthBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-4", "bytes=11-", "bytes=-0", "bytes=0-0,2-2", "nonsense"})
    void headIgnoresRange(String range) {
        // §14.2: range handling is defined for GET only.
        Reply head = edge.head(pathOf(Sample.ELEVEN), "Range", range).expect(200);
        head.expectHeader("Content-Length", "11");
        assertTrue(head.header("Content-Range").isEmpty(), head::toString);
    }

    @ParameterizedTest
    @EnumSource(names = {"ELEVEN", "SIXTY_FOUR_MIB"})
    void aPartCarriesTheValidatorsOfTheWhole(Sample sample) {
        Reply whole = edge.head(pathOf(sample));
        Reply part = edge.get(pathOf(sample), "Range", "bytes=0-0").expect(206);
        assertEquals(whole.required("ETag"), part.required("ETag"));
        assertEquals(whole.required("Last-Modified"), part.required("Last-Modified"));
        assertEquals(whole.required("Content-Type"), part.required("Content-Type"));
        // RFC 9530 §3: Repr-Digest is of the whole representation, also on a part.
        part.header("Repr-Digest").ifPresent(digest -> assertEquals(whole.required("Repr-Digest"), digest));
    }

    @Test
    void partsJoinToTheWhole() {
        byte[] whole = samples.bytes(Sample.ELEVEN);
        byte[] joined = new byte[whole.length];
        for (int i = 0; i < whole.length; i++) {
            joined[i] = edge.get(pathOf(Sample.ELEVEN), "Range", "bytes=" + i + "-" + i)
                    .expect(206)
                    .body()[0];
        }
        assertEquals(Sha256.hex(whole), Sha256.hex(joined));
    }

    private void expectPartial(Sample sample, String range, int first, int last) {
        Reply reply = edge.get(pathOf(sample), "Range", range).expect(206);
        reply.expectHeader("Content-Range", "bytes " + first + "-" + last + "/" + sample.lengthBytes());
        reply.expectBody(Arrays.copyOfRange(samples.bytes(sample), first, last + 1));
    }
}
