package io.edgedownload.edge;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.semconv.UrlAttributes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.StringJoiner;

/** Takes the signature, and whatever else a client puts into a query, out of the spans of requests. */
@Singleton
final class QueryRedaction implements SpanProcessor {
    private static final Set<String> TOLD = Set.of("chunk", "size");

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        String query = span.getAttribute(UrlAttributes.URL_QUERY);
        if (query != null) {
            span.setAttribute(UrlAttributes.URL_QUERY, redacted(query));
        }
    }

    /** With the values of the parameters that say which chunk, and without those of all others. */
    static String redacted(String query) {
        StringJoiner redacted = new StringJoiner("&");
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            boolean told = equals >= 0 && TOLD.contains(parameter.substring(0, equals));
            redacted.add(told ? parameter : parameter.substring(0, Math.max(equals, 0)) + "=REDACTED");
        }
        return redacted.toString();
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
