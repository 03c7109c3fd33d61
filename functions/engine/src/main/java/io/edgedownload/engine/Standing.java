package io.edgedownload.engine;

import io.edgedownload.engine.fetch.Failure;
import java.util.concurrent.CompletableFuture;

/** Whether a generation may be delivered. */
public sealed interface Standing {
    /** It is the sources' present state, as far as was asked lately; or they are being asked meanwhile. */
    record Current() implements Standing {}

    /** It was, and nobody could be asked since; it may still be used (stale-if-error, RFC 5861 §4). */
    record Stale(Failure failure) implements Standing {}

    /** Too old to be used before the sources have answered. */
    record Asking(CompletableFuture<Standing> answer) implements Standing {}

    /** The sources hold another state, and the catalog knows it. */
    record Superseded() implements Standing {}

    /** Too old to be used at all, and nobody can be asked. */
    record Expired(Failure failure) implements Standing {}
}
