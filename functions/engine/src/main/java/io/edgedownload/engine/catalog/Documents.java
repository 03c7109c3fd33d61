package io.edgedownload.engine.catalog;

import io.edgedownload.engine.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Texts under names in a store that several instances share. Each state of a text has a version, opaque and never used again for
 * another state. Calls may block until the deadline.
 */
public interface Documents {
    /** @param known the version that the caller has; null for none */
    Reading read(String name, @Nullable String known, Deadline deadline);

    /**
     * Writes the text, whole, if nobody else has written in the meantime.
     *
     * @param replaced the version to replace; null when there must be none yet
     */
    Writing write(String name, String text, @Nullable String replaced, Deadline deadline);

    /** What came of reading. */
    sealed interface Reading {
        record Read(String text, String version) implements Reading {}

        /** The text still has the version that was known. */
        record Unchanged() implements Reading {}

        record Missing() implements Reading {}

        /** The reason is for the log. It may name hosts, and holds no secret. */
        record Failed(String reason) implements Reading {}
    }

    /** What came of writing. */
    sealed interface Writing {
        record Written() implements Writing {}

        /** It is not in the version to be replaced; nothing was changed. */
        record Conflict() implements Writing {}

        /** Whether something was changed is not known when the answer was lost. The reason is for the log. */
        record Failed(String reason) implements Writing {}
    }
}
