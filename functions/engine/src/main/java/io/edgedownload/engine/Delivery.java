package io.edgedownload.engine;

import io.edgedownload.engine.fetch.Failure;
import java.net.URI;

/** How a range gets to a client. */
public sealed interface Delivery {
    /**
     * Through here.
     *
     * @param first the first piece, already taken from the body and to be released by the receiver
     */
    record Streamed(Body body, Piece.Slice first) implements Delivery {}

    /** From S3. The address is a secret of this client. */
    record Redirected(URI uri) implements Delivery {}

    record Unavailable(Failure failure) implements Delivery {}
}
