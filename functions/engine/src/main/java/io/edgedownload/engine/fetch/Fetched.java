package io.edgedownload.engine.fetch;

import io.netty.buffer.ByteBuf;

/** What came of fetching a range. */
public sealed interface Fetched {
    /** @param bytes exactly the range, in a direct buffer whose reference is the receiver's to release */
    record Complete(ByteBuf bytes, Timings timings) implements Fetched {}

    record Failed(Failure failure) implements Fetched {}
}
