package io.edgedownload.engine.fetch;

import io.vertx.core.buffer.Buffer;

/** What came of reading an object of unknown length as a whole. */
public sealed interface Document {
    /** @param etag with its quotes */
    record Read(Buffer body, String etag) implements Document {}

    /** It still has the entity tag that was known. */
    record Unchanged() implements Document {}

    record Missing() implements Document {}

    record Failed(Failure failure) implements Document {}
}
