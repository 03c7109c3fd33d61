package io.edgedownload.engine.fetch;

/** What became of something to be stored. */
public sealed interface Stored {
    record Done() implements Stored {}

    /** Somebody else has stored it, or is about to. */
    record AlreadyThere() implements Stored {}

    record Failed(Failure failure) implements Stored {}
}
