package io.edgedownload.edge;

import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Layer;
import io.edgedownload.engine.fetch.Timings;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The span of one attempt. Every one has the three durations that together name what is slow: of the name, of the wait for a
 * connection, and to the first byte.
 *
 * @param port of the source
 * @param steps makes the spans of its steps
 */
record FetchSpan(Span span, int port, StepSpans steps) {
    private static final int FIRST_ERROR_STATUS = 400;

    /** The trace's fields (W3C Trace Context): with them what the source does hangs under this span. */
    Map<String, String> fields() {
        Map<String, String> fields = new HashMap<>();
        W3CTraceContextPropagator.getInstance()
                .inject(Context.root().with(span), null, (carrier, name, value) -> fields.put(name, value));
        return fields;
    }

    void end(Course course) {
        describe(course);
        span.end();
    }

    /**
     * Ends it with an error.
     *
     * @param kind one of a few words
     * @param layer the step that failed; null when it was none
     * @param detail holds no query and no secret
     */
    void fail(String kind, @Nullable Layer layer, String detail, Course course) {
        describe(course);
        boolean byStatus = course.status() >= FIRST_ERROR_STATUS;
        if (layer != null) {
            span.setAttribute("edge.failure.layer", layer.label());
        }
        span.setAttribute(ErrorAttributes.ERROR_TYPE, byStatus ? Integer.toString(course.status()) : kind)
                .setAttribute("edge.failure", kind)
                .setStatus(StatusCode.ERROR, detail);
        span.end();
    }

    /** Ends it without an error: what it was to bring came by another one. */
    void outrun(Course course) {
        span.setAttribute("edge.failure", "outrun");
        end(course);
    }

    private void describe(Course course) {
        InetAddress address = course.address();
        if (address != null) {
            span.setAttribute(NetworkAttributes.NETWORK_PEER_ADDRESS, address.getHostAddress())
                    .setAttribute(NetworkAttributes.NETWORK_PEER_PORT, (long) port);
        }
        if (course.requests() > 0) {
            span.setAttribute("edge.connection.reused", course.reused());
        }
        if (course.requests() > 1) {
            span.setAttribute(HttpAttributes.HTTP_REQUEST_RESEND_COUNT, course.requests() - 1L);
        }
        if (course.status() > 0) {
            span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) course.status());
        }
        describe(course.timings());
        steps.of(Context.root().with(span), course.timings());
    }

    private void describe(Timings timings) {
        span.setAttribute("net.dns.resolve.duration_ms", millis(timings.dnsNanos()))
                .setAttribute("http.conn.wait.duration_ms", millis(timings.waitNanos()))
                .setAttribute("http.conn.connect.duration_ms", millis(timings.connectNanos()))
                .setAttribute("tls.handshake.duration_ms", millis(timings.tlsNanos()))
                .setAttribute("http.request.first_byte.duration_ms", millis(timings.firstByteNanos()))
                .setAttribute("http.response.body.duration_ms", millis(timings.bodyNanos()))
                .setAttribute("edge.verify.duration_ms", millis(timings.verifyNanos()));
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
