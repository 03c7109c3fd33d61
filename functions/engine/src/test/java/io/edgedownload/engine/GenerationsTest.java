package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Probed;
import io.edgedownload.engine.request.DownloadId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GenerationsTest {
    private static final int CHUNK = 64 << 10;
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String HERE = "http://origin.example/file";
    private static final String THERE = "http://mirror.example/file";
    private static final Validator TAGGED = new Validator("\"a\"", null);

    @Test
    void theSameStateIsTheSameGenerationWheneverItIsPublished() {
        assertEquals(
                pinned(HERE, 5, TAGGED, NOW).generation(),
                pinned(HERE, 5, TAGGED, NOW.plusSeconds(60)).generation());
    }

    @Test
    void anotherLengthTagDateOrSourceIsAnotherGeneration() {
        String generation = pinned(HERE, 5, TAGGED, NOW).generation();
        assertNotEquals(generation, pinned(HERE, 6, TAGGED, NOW).generation());
        assertNotEquals(
                generation, pinned(HERE, 5, new Validator("\"b\"", null), NOW).generation());
        assertNotEquals(
                generation, pinned(HERE, 5, new Validator("\"a\"", "then"), NOW).generation());
        assertNotEquals(generation, pinned(THERE, 5, TAGGED, NOW).generation());
    }

    @Test
    void aSourceThatSaysNothingOfItsObjectGetsANewGenerationEachTime() {
        Validator none = new Validator(null, null);
        assertNotEquals(
                pinned(HERE, 5, none, NOW).generation(),
                pinned(HERE, 5, none, NOW.plusSeconds(1)).generation());
    }

    @Test
    void theSameBytesAreTheSameGenerationWhateverTheirSource() {
        Digests digests = digests("a");
        assertEquals(
                Generations.withDigests(pinned(HERE, 5, TAGGED, NOW), digests).generation(),
                Generations.withDigests(pinned(THERE, 5, new Validator(null, null), NOW.plusSeconds(1)), digests)
                        .generation());
    }

    @Test
    void otherBytesAreAnotherGenerationUnderTheSameValidator() {
        Manifest pinned = pinned(HERE, 5, TAGGED, NOW);
        assertNotEquals(
                Generations.withDigests(pinned, digests("a")).generation(),
                Generations.withDigests(pinned, digests("b")).generation());
    }

    @Test
    void digestsChangeNothingElseOfAManifest() {
        Manifest pinned = pinned(HERE, 5, TAGGED, NOW);
        Manifest digested = Generations.withDigests(pinned, digests("a"));
        assertEquals(
                new Manifest(
                        pinned.id(),
                        digested.generation(),
                        5,
                        CHUNK,
                        null,
                        pinned.contentType(),
                        digests("a"),
                        pinned.sources(),
                        null,
                        NOW),
                digested);
    }

    @Test
    void aDateThatIsNoneIsPinnedAsSentAndNotToldToClients() {
        assertEquals(
                NOW,
                pinned(HERE, 5, new Validator(null, "Fri, 02 Jan 2026 03:04:05 GMT"), NOW)
                        .lastModified());
        assertNull(pinned(HERE, 5, new Validator(null, "yesterday"), NOW).lastModified());
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain; charset=utf-8, text/plain; charset=utf-8",
        ", application/octet-stream",
        "'', application/octet-stream",
        "text/plàin, application/octet-stream",
    })
    void aContentTypeThatCannotBeSentIsLeftOut(@Nullable String sent, String kept) {
        assertEquals(kept, pinned(HERE, 5, TAGGED, NOW, sent).contentType());
    }

    private static Manifest pinned(String source, long lengthBytes, Validator validator, Instant now) {
        return pinned(source, lengthBytes, validator, now, null);
    }

    private static Manifest pinned(
            String source, long lengthBytes, Validator validator, Instant now, @Nullable String contentType) {
        URI uri = URI.create(source);
        return Generations.byValidator(
                new Publication(new DownloadId("file"), List.of(uri), null, CHUNK, false),
                new Probed.Present(lengthBytes, validator, contentType),
                List.of(new Source(uri, validator)),
                null,
                now);
    }

    private static Digests digests(String digit) {
        return new Digests(digit.repeat(64), List.of(digit.repeat(64)));
    }
}
