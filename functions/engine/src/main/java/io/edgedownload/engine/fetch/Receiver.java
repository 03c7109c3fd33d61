package io.edgedownload.engine.fetch;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;

/** Reads one answer. Called on the connection's event loop before the body flows. */
interface Receiver<T> {
    /** The outcome; it must end when the answer does, and when it is reset. */
    Future<T> receive(HttpClientResponse response);

    /** Whether the connection ended before the answer was whole. */
    boolean isCut(T outcome);

    /** Frees an outcome that came after its caller had left. */
    void discard(T outcome);
}
