package io.edgedownload.engine.catalog;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;

/** Where manifests are kept. Calls may block until the deadline. */
public interface Catalog {
    Lookup find(DownloadId id, Deadline deadline);

    /** Stores the manifest under its id, in the place of an earlier one; readers see the old or the new one, whole. */
    Storing store(Manifest manifest, Deadline deadline);

    /** What a look-up found. */
    sealed interface Lookup {
        record Found(Manifest manifest) implements Lookup {}

        record Unknown() implements Lookup {}

        /** The catalog cannot tell. The reason is for the log: it may name files and hosts. */
        record Unavailable(String reason) implements Lookup {}
    }

    /** What became of a manifest to be stored. */
    sealed interface Storing {
        record Created() implements Storing {}

        record Replaced() implements Storing {}

        /** Somebody else stored another one at the same time; this one was not stored. */
        record Conflict() implements Storing {}

        /** It was not stored, as far as can be told. The reason is for the log. */
        record Failed(String reason) implements Storing {}
    }
}
