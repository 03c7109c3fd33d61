package io.edgedownload.engine.fetch;

import io.edgedownload.engine.fetch.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;

/** Reads the answer to a conditional PUT. */
final class StoringReceiver implements Receiver<Stored> {
    @Override
    public Future<Stored> receive(HttpClientResponse response) {
        Stored stored = switch (response.statusCode()) {
            case 200, 201, 204 -> new Stored.Done();
            // 409: somebody else's PUT is under way.
            case 409, 412 -> new Stored.AlreadyThere();
            case 401, 403 -> failed(Kind.ACCESS, response);
            case 404 -> failed(Kind.MISSING, response);
            case 429, 503 -> failed(Kind.BUSY, response);
            default -> failed(Kind.SERVER_ERROR, response);
        };
        return ProbeReceiver.drained(response).map(stored);
    }

    private static Stored failed(Kind kind, HttpClientResponse response) {
        return new Stored.Failed(Failure.of(kind, "status " + response.statusCode()));
    }

    @Override
    public boolean isCut(Stored outcome) {
        // Its head is all that is wanted of it.
        return false;
    }

    @Override
    public void discard(Stored outcome) {
        // Holds nothing that needs to be freed.
    }
}
