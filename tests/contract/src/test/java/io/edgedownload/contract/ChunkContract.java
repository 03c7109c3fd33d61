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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ?chunk=NNN&size=BYTES}: one numbered chunk with its own digest, for weak networks. */
@ExtendWith(AgainstTarget.class)
final class ChunkContract {

    private final EdgeClient edge;
    private final Samples samples;

    ChunkContract(Target target) {
        this.edge = target.edge();
        this.samples = target.samples();
    }

    @ParameterizedTest(name = "chunk {0} of {1} bytes")
    @CsvSource({
        "1, 65536",
        "2, 65536",
        "64, 65536",
        "65, 65536",
        "1024, 65536",
        "1, 131072",
        "512, 131072",
        "3, 262144",
        "256, 262144",
        "1, 524288",
        "9, 524288",
        "1, 1048576",
        "64, 1048576",
        "2, 2097152",
        "32, 2097152",
        "1, 4194304",
        "2, 4194304",
        "16, 4194304",
    })
    void everySizeCutsTheObjectAtItsMultiples(int number, int size) {
        int first = (number - 1) * size;
        expectChunk(Sample.SIXTY_FOUR_MIB, "chunk=" + number + "&size=" + size, first, first + size - 1);
    }

    @ParameterizedTest(name = "chunk {0} of {1} bytes")
    @Tag("streamed")
    @CsvSource({
        "1, 8388608",
        "8, 8388608",
        "2, 16777216",
        "4, 16777216",
    })
    void soDoLargeSizes(int number, int size) {
        everySizeCutsTheObjectAtItsMultiples(number, size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk=1", "chunk=001", "chunk=001&size=4194304", "size=4194304&chunk=1"})
    void theSizeIs4MiBUnlessSaid(String query) {
        expectChunk(Sample.SIXTY_FOUR_MIB, query, 0, 4194303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "03", "003", "0000000003", "00000000000000000000000000000003"})
    void leadingZerosDoNotCount(String number) {
        expectChunk(Sample.SIXTY_FOUR_MIB, "chunk=" + number + "&size=65536", 131072, 196607);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunk=1", "chunk=1&size=65536", "chunk=1&size=16777216"})
    void theLastChunkIsShorter(String query) {
        expectChunk(Sample.ELEVEN, query, 0, 10);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "SIXTY_FOUR_MIB, chunk=17",
        "SIXTY_FOUR_MIB, chunk=17&size=4194304",
        "SIXTY_FOUR_MIB, chunk=1025&size=65536",
        "SIXTY_FOUR_MIB, chunk=5&size=16777216",
        "SIXTY_FOUR_MIB, chunk=1000000000",
        "SIXTY_FOUR_MIB, chunk=2147483648",
        "SIXTY_FOUR_MIB, chunk=9223372036854775807",
        "ELEVEN, chunk=2",
        "ELEVEN, chunk=2&size=65536",
        "EMPTY, chunk=1",
        "EMPTY, chunk=1&size=65536",
        "EMPTY, chunk=2&size=65536",
    })
    void beyondTheEndIs416(Sample sample, String query) {
        Reply reply = edge.get(pathOf(sample) + "?" + query);
        reply.expectProblem(416, "range-not-satisfiable");
        reply.expectHeader("Content-Range", "bytes */" + sample.lengthBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "65535",
                "65537",
                "32768",
                "98304",
                "196608",
                "327680",
                "4194303",
                "4194305",
                "12582912",
                "33554432",
                "67108864",
                "2147483648",
                "4294967296",
                "99999999999999999999",
                "-65536",
                "-1",
                "4M",
                "64KiB",
                "0x10000",
                "65536.0",
                "1e6",
                "abc",
                "",
                "%20",
                "%2065536",
            })
    void aSizeThatIsNoSizeIs400(String size) {
        Problem problem =
                edge.get(pathOf(Sample.ELEVEN) + "?chunk=1&size=" + size).expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains("size"), problem::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0", "000", "-1", "-001", "1.0", "1.5", "0x1", "1e0", "abc", "", "%20", "%201", "1%20", "1,2", "1-2",
                "%2B1", "*", "%D9%A1"
            })
    void aNumberThatIsNoNumberIs400(String number) {
        Problem problem = edge.get(pathOf(Sample.ELEVEN) + "?chunk=" + number + "&size=65536")
                .expectProblem(400, "bad-request");
        assertTrue(problem.detail().contains("chunk"), problem::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-4", "bytes=0-", "bytes=-1", "bytes=0-0,2-2", "bytes=99999999-"})
    void rangeTogetherWithChunkIs400(String range) {
        edge.get(pathOf(Sample.SIXTY_FOUR_MIB) + "?chunk=1&size=65536", "Range", range)
                .expectProblem(400, "bad-request");
    }

    @Test
    void headOfAChunkIsTheHeadOfItsGet() {
        String path = pathOf(Sample.SIXTY_FOUR_MIB) + "?chunk=2&size=65536";
        Reply head = edge.head(path).expect(206);
        head.expectHeader("Content-Range", "bytes 65536-131071/67108864");
        head.expectHeader("Content-Length", "65536");
        assertEquals(0, head.body().length);
    }

    @Test
    @Tag("streamed")
    void chunksOfAllSizesShowTheSameObject() {
        byte[] whole = samples.bytes(Sample.SIXTY_FOUR_MIB);
        for (int size = 65536; size <= 16777216; size *= 2) {
            int number = 20_000_000 / size + 1;
            Reply reply = edge.get(pathOf(Sample.SIXTY_FOUR_MIB) + "?chunk=" + number + "&size=" + size)
                    .expect(206);
            int first = (number - 1) * size;
            reply.expectBody(Arrays.copyOfRange(whole, first, first + size));
        }
    }

    private void expectChunk(Sample sample, String query, int first, int last) {
        byte[] expected = Arrays.copyOfRange(samples.bytes(sample), first, last + 1);
        Reply reply = edge.get(pathOf(sample) + "?" + query).expect(206);
        reply.expectHeader("Content-Range", "bytes " + first + "-" + last + "/" + sample.lengthBytes());
        reply.expectBody(expected);
        reply.expectHeader("Content-Digest", Sha256.digestField(expected));
        assertEquals(edge.head(pathOf(sample)).required("ETag"), reply.required("ETag"));
    }
}
