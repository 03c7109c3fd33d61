package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;

/** What came of publishing. Unless it is done, nothing was changed. */
public sealed interface Published {
    /**
     * The id is published.
     *
     * @param created whether it was not before
     */
    record Done(Manifest manifest, boolean created) implements Published {}

    /** @param position of the source in the publication, counted from 0 */
    record SourceUnusable(int position, Failure failure) implements Published {}

    /**
     * The sources do not hold the same object.
     *
     * @param difference fit for the publisher's eyes
     */
    record Disagreement(String difference) implements Published {}

    record S3Unusable(Failure failure) implements Published {}

    /** The object could not be read to its end. */
    record Unreadable(Failure failure) implements Published {}

    /** Somebody else published the id at the same time. */
    record Conflict() implements Published {}

    /** @param reason for the log */
    record CatalogUnavailable(String reason) implements Published {}
}
