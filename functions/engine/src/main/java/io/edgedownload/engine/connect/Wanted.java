package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Deadline;
import io.vertx.core.http.HttpMethod;

/**
 * What a connection is asked for.
 *
 * @param requestUri path and query to ask for
 * @param reuse whether the connection may have been used before
 * @param until when the exchange must have ended; a lease that is held longer is reported and taken back
 */
public record Wanted(
        Origin origin, Trust trust, HttpMethod method, String requestUri, Holder holder, Reuse reuse, Deadline until) {

    /** Whether a connection may have been used before. */
    public enum Reuse {
        ALLOWED,
        /** A new one, which nobody uses again: for the replay of a request that died on an old one. */
        FRESH
    }

    /** The same on a new connection. */
    public Wanted fresh() {
        return new Wanted(origin, trust, method, requestUri, holder, Reuse.FRESH, until);
    }

    /** What is asked for in a word, without the query, which may hold a signature. */
    String place() {
        int query = requestUri.indexOf('?');
        return method.name() + " " + origin + (query < 0 ? requestUri : requestUri.substring(0, query));
    }
}
