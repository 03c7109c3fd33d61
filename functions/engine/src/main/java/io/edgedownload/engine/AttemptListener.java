package io.edgedownload.engine;

import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.DownloadId;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hears of each attempt to get something from a source, at its begin and at its end; for metrics and traces. Called on the
 * thread that makes the attempt.
 */
@FunctionalInterface
public interface AttemptListener {
    Watch begin(Goal goal);

    /**
     * What an attempt is for.
     *
     * @param method GET or HEAD
     * @param uri its query may hold a signature
     * @param chunk its number, counted from 1; 0 when the source is only probed
     * @param breaker the state of the origin's breaker; null where there is none
     * @param hedge whether it is the second one of two for the same bytes
     */
    record Goal(
            DownloadId id,
            Tier tier,
            String method,
            URI uri,
            long chunk,
            @Nullable Status breaker,
            boolean hedge) {
        /** One that is no hedge. */
        Goal(DownloadId id, Tier tier, String method, URI uri, long chunk, @Nullable Status breaker) {
            this(id, tier, method, uri, chunk, breaker, false);
        }

        public boolean isProbe() {
            return chunk == 0;
        }
    }

    /** Follows one attempt. Of the four ends it hears of just one. */
    interface Watch {
        /** What the attempt's requests are to carry beside their own fields. */
        Map<String, String> fields();

        /** @param lengthBytes of the chunk; 0 for a probe */
        void delivered(int lengthBytes, Course course);

        void failed(Failure failure, Course course);

        /** Another attempt for the same bytes was faster, and this one given up. */
        void outrun(Course course);

        /** It was interrupted, or ended by an error that nobody thought of. */
        void abandoned(Course course);
    }
}
