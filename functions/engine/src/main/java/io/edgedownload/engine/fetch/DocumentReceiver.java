package io.edgedownload.engine.fetch;

import io.edgedownload.engine.fetch.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Reads the answer to a GET for a whole object, as long as it is not too large. */
final class DocumentReceiver implements Receiver<Document> {
    private final int maxBytes;

    DocumentReceiver(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public Future<Document> receive(HttpClientResponse response) {
        String etag = response.getHeader("ETag");
        return switch (response.statusCode()) {
            case 200 ->
                etag == null
                        ? drained(response, failed(Kind.LIED, "an object without an entity tag"))
                        : body(response, etag);
            case 304 -> drained(response, new Document.Unchanged());
            case 404 -> drained(response, new Document.Missing());
            case 401, 403 -> drained(response, failed(Kind.ACCESS, status(response)));
            case 429, 503 -> drained(response, failed(Kind.BUSY, status(response)));
            default -> drained(response, failed(Kind.SERVER_ERROR, status(response)));
        };
    }

    private Future<Document> body(HttpClientResponse response, String etag) {
        Promise<Document> read = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > maxBytes) {
                read.tryComplete(failed(Kind.LIED, "an object of more than " + maxBytes + " bytes"));
                response.request().reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> read.tryComplete(new Document.Read(body, etag)));
        response.exceptionHandler(cut -> read.tryComplete(failed(Kind.CUT, "the answer ended early")));
        return read.future();
    }

    private static Future<Document> drained(HttpClientResponse response, Document document) {
        return ProbeReceiver.drained(response).map(document);
    }

    private static String status(HttpClientResponse response) {
        return "status " + response.statusCode();
    }

    private static Document failed(Kind kind, String detail) {
        return new Document.Failed(Failure.of(kind, detail));
    }

    @Override
    public boolean isCut(Document outcome) {
        return outcome instanceof Document.Failed(Failure failure) && failure.kind() == Kind.CUT;
    }

    @Override
    public void discard(Document outcome) {
        // On the heap: nothing needs to be freed.
    }
}
