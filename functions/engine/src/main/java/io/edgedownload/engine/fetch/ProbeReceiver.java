package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the head of the answer to a HEAD, or to a GET for the first byte. */
final class ProbeReceiver implements Receiver<Probed> {
    private static final Pattern FIRST_BYTE = Pattern.compile("bytes 0-0/([0-9]{1,18})");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final int MAX_BODY_BYTES = 64 << 10;

    @Override
    public Future<Probed> receive(HttpClientResponse response) {
        Probed probed = response.request().getMethod().equals(HttpMethod.HEAD) ? head(response) : firstByte(response);
        return drained(response).map(probed);
    }

    @Override
    public boolean isCut(Probed outcome) {
        // Its head is all that is wanted of it.
        return false;
    }

    @Override
    public void discard(Probed outcome) {
        // Holds nothing that needs to be freed.
    }

    private static Probed head(HttpClientResponse response) {
        String length = response.getHeader("Content-Length");
        if (response.statusCode() != 200) {
            return failed(response);
        }
        return length == null || !LENGTH.matcher(length).matches()
                ? new Probed.Failed(Failure.of(Kind.LIED, "HEAD was answered without a Content-Length"))
                : present(Long.parseLong(length), response);
    }

    private static Probed firstByte(HttpClientResponse response) {
        String contentRange = response.getHeader("Content-Range");
        String encoding = response.getHeader("Content-Encoding");
        return switch (response.statusCode()) {
            case 206 -> {
                if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
                    yield new Probed.Failed(
                            Failure.of(Kind.LIED, "Content-Encoding " + encoding + " although identity was asked for"));
                }
                Matcher matcher = FIRST_BYTE.matcher(contentRange == null ? "" : contentRange);
                yield matcher.matches()
                        ? present(Long.parseLong(matcher.group(1)), response)
                        : new Probed.Failed(
                                Failure.of(Kind.LIED, "status 206 for bytes=0-0 with Content-Range " + contentRange));
            }
            // An empty object has no first byte: some servers say 416, some send all of nothing.
            case 416 -> "bytes */0".equals(contentRange) ? present(0, response) : failed(response);
            case 200 ->
                "0".equals(response.getHeader("Content-Length"))
                        ? present(0, response)
                        : new Probed.Failed(
                                Failure.of(
                                        Kind.LIED,
                                        "it answers a range request with the whole object (status 200); a source must serve ranges"));
            default -> failed(response);
        };
    }

    private static Probed present(long lengthBytes, HttpClientResponse response) {
        Validator validator = new Validator(response.getHeader("ETag"), response.getHeader("Last-Modified"));
        return new Probed.Present(lengthBytes, validator, response.getHeader("Content-Type"));
    }

    private static Probed failed(HttpClientResponse response) {
        Kind kind = switch (response.statusCode()) {
            case 401, 403 -> Kind.ACCESS;
            case 404, 410 -> Kind.MISSING;
            case 429, 503 -> Kind.BUSY;
            default -> response.statusCode() >= 500 ? Kind.SERVER_ERROR : Kind.LIED;
        };
        return new Probed.Failed(Failure.of(kind, "status " + response.statusCode()));
    }

    /** Reads a short body to its end so that the connection can be used again; a long one is cut off. */
    static Future<@Nullable Void> drained(HttpClientResponse response) {
        Promise<@Nullable Void> drained = Promise.promise();
        int[] receivedBytes = {0};
        response.handler(part -> {
            receivedBytes[0] += part.length();
            if (receivedBytes[0] > MAX_BODY_BYTES) {
                response.request().reset();
            }
        });
        response.endHandler(end -> drained.tryComplete());
        response.exceptionHandler(cut -> drained.tryComplete());
        return drained.future();
    }
}
