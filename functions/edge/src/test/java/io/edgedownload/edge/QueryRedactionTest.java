package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryRedactionTest {
    @ParameterizedTest
    @CsvSource({
        "chunk=1&size=65536, chunk=1&size=65536",
        "chunk=1&sig=v1.k.1.g.secret, chunk=1&sig=REDACTED",
        "sig=secret&chunk=2, sig=REDACTED&chunk=2",
        "SIG=secret, SIG=REDACTED",
        "sig=a=b, sig=REDACTED",
        "secret, =REDACTED",
        "=secret, =REDACTED",
        "chunk, =REDACTED",
        "'', =REDACTED"
    })
    void onlyTheChunkIsTold(String query, String redacted) {
        assertEquals(redacted, QueryRedaction.redacted(query));
    }
}
