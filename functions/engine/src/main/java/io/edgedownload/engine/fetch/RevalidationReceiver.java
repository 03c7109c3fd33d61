package io.edgedownload.engine.fetch;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;

/**
 * Reads the answer to a conditional request for the first byte: 304, or what a {@link ProbeReceiver} would make of it. A server
 * that knows no conditions answers as if it had changed, and says by its validator that it has not.
 */
final class RevalidationReceiver implements Receiver<Revalidated> {
    private static final int NOT_MODIFIED = 304;

    private final RevalidationQuery query;
    private final ProbeReceiver probe = new ProbeReceiver();

    RevalidationReceiver(RevalidationQuery query) {
        this.query = query;
    }

    @Override
    public Future<Revalidated> receive(HttpClientResponse response) {
        boolean notModified = response.statusCode() == NOT_MODIFIED;
        return probe.receive(response).map(probed -> notModified ? new Revalidated.Unchanged() : judged(probed));
    }

    private Revalidated judged(Probed probed) {
        return switch (probed) {
            case Probed.Failed(Failure failure) -> new Revalidated.Failed(failure);
            case Probed.Present now ->
                now.lengthBytes() == query.lengthBytes()
                                && query.validator()
                                        .matches(
                                                now.validator().etag(),
                                                now.validator().lastModified())
                        ? new Revalidated.Unchanged()
                        : new Revalidated.Changed(now);
        };
    }

    @Override
    public boolean isCut(Revalidated outcome) {
        // Its head is all that is wanted of it.
        return false;
    }

    @Override
    public void discard(Revalidated outcome) {
        // Holds nothing that needs to be freed.
    }
}
