package io.edgedownload.edge;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace that a request belongs to (W3C Trace Context, version 00). */
final class TraceContext {
    static final String FIELD = "traceparent";

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceContext() {}

    /** The field as sent, or null when there is none that is valid. */
    static @Nullable String sent(HttpServerRequest request) {
        String sent = request.getHeader(FIELD);
        return sent != null && TRACEPARENT.matcher(sent).matches() ? sent : null;
    }

    /** The trace's id, or a new one where there is no trace: so that an error can be found in the log. */
    static String traceId(HttpServerRequest request) {
        String sent = sent(request);
        if (sent != null) {
            return sent.substring(3, 35);
        }
        SpanContext begun = Span.current().getSpanContext();
        if (begun.isValid()) {
            return begun.getTraceId();
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }
}
