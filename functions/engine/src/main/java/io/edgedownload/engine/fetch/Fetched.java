package io.edgedownload.engine.fetch;

import io.netty.buffer.ByteBuf;

/** What came of fetching a range. */
public sealed interface Fetched {
    /** @param bytes exactly the range, in a direct buffer whose reference is the receiver's to release */
    record Complete(ByteBuf bytes, Timings timings) implements Fetched {}

    /**
     * The answer ended too soon, or came too slowly.
     *
     * @param bytes the first ones of the range, at least one and not all; their reference is the receiver's to release
     */
    record Broken(ByteBuf bytes, Failure failure) implements Fetched {}

    /** There is nothing to go on from. */
    record Failed(Failure failure) implements Fetched {}

    /** Lets go of the bytes, for whoever does not want them. */
    default void release() {
        switch (this) {
            case Complete(ByteBuf bytes, Timings _) -> bytes.release();
            case Broken(ByteBuf bytes, Failure _) -> bytes.release();
            case Failed _ -> {}
        }
    }
}
