package io.edgedownload.engine.fetch;

/** What a source says when it is asked whether its object is still the one that was published. */
public sealed interface Revalidated {
    record Unchanged() implements Revalidated {}

    /** It holds another one. */
    record Changed(Probed.Present now) implements Revalidated {}

    record Failed(Failure failure) implements Revalidated {}
}
