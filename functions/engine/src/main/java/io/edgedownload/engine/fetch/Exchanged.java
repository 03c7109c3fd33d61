package io.edgedownload.engine.fetch;

/** What came of one request, redirects followed. */
sealed interface Exchanged<T> {
    record Answered<T>(T answer) implements Exchanged<T> {}

    record Failed<T>(Failure failure) implements Exchanged<T> {}
}
