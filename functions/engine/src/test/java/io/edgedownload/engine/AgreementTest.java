package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Probed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgreementTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "5, \"a\", then, 5, \"a\", then, ",
                "5, \"a\", then, 5, \"a\", later, ",
                "5, W/\"a\", , 5, \"a\", , ",
                "5, \"a\", then, 5, W/\"a\", then, ",
                "5, , then, 5, , then, ",
                "5, , , 5, , , ",
                "5, \"a\", then, 5, , later, ",
                "5, , , 5, \"a\", then, ",
                "5, \"a\", , 6, \"a\", , 5 and 6 bytes",
                "5, \"a\", , 5, \"b\", , ETag \"a\" and \"b\"",
                "5, \"a\", , 5, W/\"b\", , ETag \"a\" and W/\"b\"",
                "5, , then, 5, , , ",
                "5, , , 5, , then, ",
                "5, , then, 5, , later, Last-Modified then and later"
            })
    void twoSourcesDifferInWhatBothTell(
            long oneBytes,
            @Nullable String oneEtag,
            @Nullable String oneModified,
            long otherBytes,
            @Nullable String otherEtag,
            @Nullable String otherModified,
            @Nullable String difference) {
        assertEquals(
                difference == null ? null : "source 1 and source 2 differ: " + difference,
                Agreement.difference(List.of(
                        present(oneBytes, oneEtag, oneModified), present(otherBytes, otherEtag, otherModified))));
    }

    @Test
    void oneSourceAgreesWithItself() {
        assertEquals(null, Agreement.difference(List.of(present(5, null, null))));
    }

    @Test
    void theSourceThatDiffersIsNamed() {
        assertEquals(
                "source 1 and source 3 differ: 5 and 7 bytes",
                Agreement.difference(List.of(present(5, null, null), present(5, null, null), present(7, null, null))));
    }

    private static Probed.Present present(long lengthBytes, @Nullable String etag, @Nullable String lastModified) {
        return new Probed.Present(lengthBytes, new Validator(etag, lastModified), null);
    }
}
