package io.edgedownload.engine;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.AttemptListener.Watch;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.fetch.Attempt;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.fetch.Probed;
import io.edgedownload.engine.fetch.Revalidated;
import io.edgedownload.engine.fetch.RevalidationQuery;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks sources what they hold. */
public final class Probes {
    private final Fetcher fetcher;
    private final AttemptListener listener;

    public Probes(Fetcher fetcher, AttemptListener listener) {
        this.fetcher = fetcher;
        this.listener = listener;
    }

    /** By HEAD and then by GET: where they differ HEAD lies, for it is by GET that the object will be fetched. */
    Probed source(DownloadId id, URI uri, Deadline deadline) throws InterruptedException {
        Probed byHead = watched(
                new Goal(id, Tier.ORIGIN, "HEAD", uri, 0, null),
                attempt -> fetcher.probeByHead(uri, Trust.SOURCE, attempt, deadline));
        if (byHead instanceof Probed.Failed(Failure failure) && isFinal(failure.kind())) {
            return byHead;
        }
        return watched(
                new Goal(id, Tier.ORIGIN, "GET", uri, 0, null),
                attempt -> fetcher.probeByRange(uri, Trust.SOURCE, attempt, deadline));
    }

    /** Whether a source still holds what was published. */
    Revalidated revalidate(DownloadId id, RevalidationQuery query, Deadline deadline) throws InterruptedException {
        return watched(
                new Goal(id, Tier.ORIGIN, "GET", query.uri(), 0, null),
                attempt -> fetcher.revalidate(query, attempt, deadline),
                revalidated -> revalidated instanceof Revalidated.Failed(Failure failure) ? failure : null);
    }

    /** @param uri presigned for HEAD */
    Probed store(DownloadId id, URI uri, Deadline deadline) throws InterruptedException {
        return watched(
                new Goal(id, Tier.S3, "HEAD", uri, 0, null),
                attempt -> fetcher.probeByHead(uri, Trust.OPERATOR, attempt, deadline));
    }

    /** Whether asking by GET as well would only take as long again to fail. */
    private static boolean isFinal(Kind kind) {
        return switch (kind) {
            case NAME, FORBIDDEN_ADDRESS, TLS, TENANT_SHARE, OVERLOAD, TIMEOUT -> true;
            case INTEGRITY,
                    LIED,
                    NO_RANGE,
                    CHANGED,
                    BUSY,
                    BREAKER_OPEN,
                    ACCESS,
                    SERVER_ERROR,
                    CUT,
                    UNREACHABLE,
                    MISSING -> false;
        };
    }

    private interface Asking<T> {
        T with(Attempt attempt) throws InterruptedException;
    }

    private Probed watched(Goal goal, Asking<Probed> probing) throws InterruptedException {
        return watched(goal, probing, probed -> probed instanceof Probed.Failed(Failure failure) ? failure : null);
    }

    private <T> T watched(Goal goal, Asking<T> asking, Function<T, @Nullable Failure> failureOf)
            throws InterruptedException {
        Watch watch = listener.begin(goal);
        Attempt attempt = new Attempt(watch.fields());
        try {
            T answer = asking.with(attempt);
            Failure failure = failureOf.apply(answer);
            if (failure == null) {
                watch.delivered(0, attempt.course());
            } else {
                watch.failed(failure, attempt.course());
            }
            return answer;
        } catch (InterruptedException | RuntimeException | Error e) {
            watch.abandoned(attempt.course());
            throw e;
        }
    }
}
