package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Validator;
import org.jspecify.annotations.Nullable;

/** What a source says about its object. */
public sealed interface Probed {
    /**
     * It serves ranges of it.
     *
     * @param contentType as sent, or null
     */
    record Present(
            long lengthBytes, Validator validator, @Nullable String contentType) implements Probed {}

    record Failed(Failure failure) implements Probed {}
}
