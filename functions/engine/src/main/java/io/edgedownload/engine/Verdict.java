package io.edgedownload.engine;

import io.edgedownload.engine.breaker.Permit;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Layer;
import io.edgedownload.engine.fetch.Timings;
import java.time.Duration;

/** What an attempt says of the health of its origin. */
enum Verdict {
    /** It did what was asked, or said why not. */
    WELL,
    SICK,
    /** It was not the origin's doing. */
    NONE;

    private static final int SERVICE_UNAVAILABLE = 503;

    /** @param patience a shorter wait than that says nothing: the caller was in a hurry */
    static Verdict of(Attempted attempted, Duration patience) {
        return switch (attempted) {
            case Attempted.Ended(Loaded.Ready _, Course _) -> WELL;
            case Attempted.Ended(Loaded.Unavailable(Failure failure), Course course) -> of(failure, course, patience);
            // It took at least as long as it was waited for. Were it not counted, the P95 would sink with each hedge.
            case Attempted.Outrun _ -> WELL;
        };
    }

    private static Verdict of(Failure failure, Course course, Duration patience) {
        return switch (failure.kind()) {
            case INTEGRITY, LIED, SERVER_ERROR, CUT, UNREACHABLE, TLS -> SICK;
            case BUSY -> course.status() == SERVICE_UNAVAILABLE ? SICK : NONE;
            case TIMEOUT -> isOfOrigin(failure) && answerNanos(course) >= patience.toNanos() ? SICK : NONE;
            case NO_RANGE, CHANGED, ACCESS, MISSING -> WELL;
            case NAME, FORBIDDEN_ADDRESS, TENANT_SHARE, OVERLOAD, BREAKER_OPEN -> NONE;
        };
    }

    private static boolean isOfOrigin(Failure failure) {
        return failure.layer() != Layer.DNS && failure.layer() != Layer.WAIT;
    }

    private static long answerNanos(Course course) {
        Timings timings = course.timings();
        return timings.connectNanos() + timings.tlsNanos() + timings.firstByteNanos() + timings.bodyNanos();
    }

    /** Reports it. The response time is that of the connection, if a new one was made, and to the first byte. */
    void report(Permit permit, Course course) {
        Timings timings = course.timings();
        long responseNanos = timings.connectNanos() + timings.tlsNanos() + timings.firstByteNanos();
        switch (this) {
            case WELL -> permit.succeeded(responseNanos);
            case SICK -> permit.failed(responseNanos);
            case NONE -> permit.abandoned();
        }
    }
}
