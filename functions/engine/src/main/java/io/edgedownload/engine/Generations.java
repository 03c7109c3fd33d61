package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Probed;
import io.edgedownload.engine.verify.Verifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names the states of objects. With digests a generation is the content's: publishing the same bytes again keeps every cached
 * chunk. Without, it is that of what the first source says of them; a source that says nothing gets a new one each time.
 */
final class Generations {
    /** 144 bits, which come to 24 characters. */
    private static final int NAME_BYTES = 18;

    private static final String ANY_BYTES = "application/octet-stream";

    private Generations() {}

    static Manifest byValidator(
            Publication publication, Probed.Present first, List<Source> sources, @Nullable S3Object s3, Instant now) {
        Validator validator = first.validator();
        boolean anonymous = validator.etag() == null && validator.lastModified() == null;
        String generation = name(
                "validator",
                sources.getFirst().uri().toString(),
                Long.toString(first.lengthBytes()),
                String.valueOf(validator.etag()),
                String.valueOf(validator.lastModified()),
                anonymous ? now.toString() : "");
        return new Manifest(
                publication.id(),
                generation,
                first.lengthBytes(),
                publication.chunkSizeBytes(),
                instant(validator.lastModified()),
                contentType(first.contentType()),
                null,
                sources,
                s3,
                now);
    }

    static Manifest withDigests(Manifest pinned, Digests digests) {
        return new Manifest(
                pinned.id(),
                name("sha256", digests.wholeSha256()),
                pinned.lengthBytes(),
                pinned.chunkSizeBytes(),
                pinned.lastModified(),
                pinned.contentType(),
                digests,
                pinned.sources(),
                pinned.s3(),
                pinned.publishedAt());
    }

    private static String name(String... parts) {
        byte[] digest = Verifier.sha256().digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, NAME_BYTES));
    }

    private static @Nullable Instant instant(@Nullable String httpDate) {
        if (httpDate == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(httpDate, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static String contentType(@Nullable String sent) {
        return sent == null || !sent.matches("[\\x20-\\x7e]{1,200}") ? ANY_BYTES : sent;
    }
}
