package io.edgedownload.local.origin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Answers every request of the sample origin, counts it and writes its line in the log. Runs on the event loop. */
final class OriginHandler {
    private final Vertx vertx;
    private final OriginFiles files;
    private final RequestLog log;
    private final Supplier<OriginMode> mode;
    private final InstantSource clock = InstantSource.system();
    private final Fault.Turns faultTurns = new Fault.Turns();

    private final LongAdder requests = new LongAdder();
    private final LongAdder heads = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final LongAdder bodyBytes = new LongAdder();

    OriginHandler(Vertx vertx, Path directory, RequestLog log, Supplier<OriginMode> mode) {
        this.vertx = vertx;
        this.files = new OriginFiles(directory);
        this.log = log;
        this.mode = mode;
    }

    OriginStats stats() {
        return new OriginStats(requests.sum(), heads.sum(), faults.sum(), bodyBytes.sum());
    }

    void handle(HttpServerRequest request) {
        requests.increment();
        if (request.method().equals(HttpMethod.HEAD)) {
            heads.increment();
        }
        logWhenDone(request);
        request.response().putHeader("Date", OriginFile.httpDate(clock.instant()));
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .setStatusCode(405)
                    .putHeader("Allow", "GET, HEAD")
                    .end();
            return;
        }
        vertx.executeBlocking(() -> files.find(String.valueOf(request.path())), false)
                .onFailure(unreadable -> request.response().setStatusCode(500).end())
                .onSuccess(found -> found.ifPresentOrElse(
                        file -> answer(request, file),
                        () -> request.response().setStatusCode(404).end()));
    }

    private void answer(HttpServerRequest request, OriginFile file) {
        var response = request.response()
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("ETag", file.etag())
                .putHeader("Last-Modified", file.lastModified());
        switch (OriginAnswer.to(file, request::getHeader)) {
            case OriginAnswer.Whole(var lengthBytes) -> {
                response.setStatusCode(200);
                sendBody(new OriginBody(vertx, request, file.path(), 0, lengthBytes));
            }
            case OriginAnswer.Part part -> {
                response.setStatusCode(206).putHeader("Content-Range", part.contentRange(file.lengthBytes()));
                sendBody(new OriginBody(vertx, request, file.path(), part.first(), part.lengthBytes()));
            }
            case OriginAnswer.NotModified() -> response.setStatusCode(304).end();
            case OriginAnswer.PreconditionFailed() ->
                response.setStatusCode(412).end();
            case OriginAnswer.Unsatisfiable() ->
                response.setStatusCode(416)
                        .putHeader("Content-Range", "bytes */" + file.lengthBytes())
                        .end();
        }
    }

    private void sendBody(OriginBody body) {
        body.head();
        switch (mode.get()) {
            case ON, OFF -> body.send();
            case SLOW -> body.trickle();
            case CORRUPT -> body.corrupt();
            case FLAKY -> faultTurns.next().ifPresentOrElse(fault -> spoil(body, fault), body::send);
        }
    }

    private void spoil(OriginBody body, Fault fault) {
        faults.increment();
        fault.spoil(body);
    }

    /** A response ends or its connection closes, or both: the first of the two writes the line. */
    private void logWhenDone(HttpServerRequest request) {
        var response = request.response();
        var line = new Runnable() {
            private boolean written;

            @Override
            public void run() {
                if (!written) {
                    written = true;
                    bodyBytes.add(response.bytesWritten());
                    log.write("%s %s %s %s -> %d, %d bytes"
                            .formatted(
                                    clock.instant(),
                                    request.method(),
                                    request.path(),
                                    String.valueOf(request.getHeader("Range")),
                                    response.getStatusCode(),
                                    response.bytesWritten()));
                }
            }
        };
        response.endHandler(ended -> line.run());
        response.closeHandler(closed -> line.run());
    }
}
