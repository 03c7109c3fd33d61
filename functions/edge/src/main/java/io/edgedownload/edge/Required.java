package io.edgedownload.edge;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What functions need of their requests; anything less ends as a problem that names the field. */
final class Required {
    private Required() {}

    static <T> T field(@Nullable T value, String name) {
        if (value == null) {
            throw bad("The field '" + name + "' is missing.");
        }
        return value;
    }

    static DownloadId id(@Nullable String value) {
        return valid("id", () -> new DownloadId(field(value, "id")));
    }

    /** Runs what validates a value itself, adding the field to its complaint. */
    static <T> T valid(String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw bad("The field '" + name + "' is not valid: " + e.getMessage() + ".");
        }
    }

    static Manifest manifest(KnownManifests manifests, DownloadId id, Deadline deadline) {
        return switch (manifests.find(id, deadline)) {
            case Lookup.Found(Manifest manifest) -> manifest;
            case Lookup.Unknown() ->
                throw new ProblemException(
                        Problem.of(ProblemType.UNKNOWN_ID, "Nothing is published under '" + id.value() + "'."));
            case Lookup.Unavailable(String reason) ->
                throw new ProblemException(Problem.of(ProblemType.CATALOG_UNAVAILABLE, "Try again later.")
                        .with("Retry-After", "1"));
        };
    }

    /** The bytes from {@code first}, 0 when absent, to {@code last}, the end when absent or beyond; null of an empty object. */
    static @Nullable ByteRange range(Manifest manifest, @Nullable Long first, @Nullable Long last) {
        long from = first == null ? 0 : first;
        long to = last == null ? Long.MAX_VALUE : last;
        if (from < 0 || to < from) {
            throw bad("The fields 'first' and 'last' must keep 0 <= first <= last.");
        }
        if (manifest.lengthBytes() == 0 && first == null && last == null) {
            return null;
        }
        if (from >= manifest.lengthBytes()) {
            throw outside(manifest);
        }
        return new ByteRange(from, Math.min(to, manifest.lengthBytes() - 1));
    }

    static ProblemException outside(Manifest manifest) {
        return new ProblemException(Problem.of(
                        ProblemType.RANGE_NOT_SATISFIABLE, "The object is " + manifest.lengthBytes() + " bytes long.")
                .with("Content-Range", "bytes */" + manifest.lengthBytes()));
    }

    static ProblemException bad(String detail) {
        return new ProblemException(Problem.of(ProblemType.BAD_REQUEST, detail));
    }
}
