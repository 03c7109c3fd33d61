package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.fetch.Course;

/** What came of one attempt at one place. */
sealed interface Attempted {
    Course course();

    record Ended(Loaded loaded, Course course) implements Attempted {}

    /** Another attempt for the same bytes was faster, and this one given up. */
    record Outrun(Course course) implements Attempted {}
}
