package io.edgedownload.engine;

import io.edgedownload.engine.AttemptListener.Watch;
import io.edgedownload.engine.fetch.Attempt;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.RangeQuery;
import io.edgedownload.engine.time.Deadline;

/**
 * One attempt to fetch what a chunk is missing.
 *
 * @param watch hears of its end
 */
record FetchRun(Filling filling, Place place, Watch watch, Attempt attempt, Deadline deadline) {
    /** Another one for the same, at another address. */
    FetchRun elsewhere(Watch other) {
        return new FetchRun(filling, place, other, attempt.elsewhere(other.fields()), deadline);
    }

    /** What is asked for now: what came before an answer broke off is not asked for again. */
    RangeQuery query() {
        return new RangeQuery(
                place.uri(),
                place.trust(),
                filling.range(),
                filling.manifest().lengthBytes(),
                place.validator(),
                filling.part());
    }

    Course course() {
        return attempt.course();
    }

    void abandoned() {
        watch.abandoned(course());
    }

    Attempted outrun() {
        watch.outrun(course());
        return new Attempted.Outrun(course());
    }
}
