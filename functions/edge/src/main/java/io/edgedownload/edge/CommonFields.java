package io.edgedownload.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The fields that every answer has, whatever it says: when it was made, and the trace that it belongs to. */
@Singleton
final class CommonFields {
    private final InstantSource clock;
    private final AtomicReference<Stamp> stamp = new AtomicReference<>(new Stamp(Long.MIN_VALUE, ""));

    /** A Date field's value, and the second that it is for. */
    private record Stamp(long epochSecond, String date) {}

    CommonFields(InstantSource clock) {
        this.clock = clock;
    }

    /** To be called before anything else is done with the request. */
    void add(HttpServerRequest request) {
        // "An origin server with a clock MUST generate a Date header field in all 2xx, 3xx, and 4xx" (RFC 9110 §6.6.1).
        HttpServerResponse response = request.response().putHeader(HttpHeaders.DATE, date());
        String traceparent = TraceContext.sent(request);
        if (traceparent != null) {
            response.putHeader(TraceContext.FIELD, traceparent);
        }
    }

    /** Made once a second; two threads that make the same one do no harm. */
    private String date() {
        Instant now = clock.instant();
        Stamp last = stamp.get();
        if (last.epochSecond() != now.getEpochSecond()) {
            last = new Stamp(now.getEpochSecond(), Fields.httpDate(now));
            stamp.set(last);
        }
        return last.date();
    }
}
