package io.edgedownload.engine.fallback;

import java.net.URI;
import java.time.Instant;

/** What came of presigning. */
public sealed interface Presigning {
    /**
     * A request that anybody may send until it expires. The address is a secret of whoever may read the range.
     *
     * @param expires when the signature, or the credentials behind it, end
     */
    record Presigned(URI uri, Instant expires) implements Presigning {
        /** Without the query, which is the signature. */
        @Override
        public String toString() {
            return "Presigned[" + uri.getHost() + uri.getRawPath() + ", expires=" + expires + "]";
        }
    }

    /** There are no credentials, or they expire too soon. The reason is for the log. */
    record Failed(String reason) implements Presigning {}
}
