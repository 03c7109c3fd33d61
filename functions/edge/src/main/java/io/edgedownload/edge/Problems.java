package io.edgedownload.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/** Answers with problems. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private Problems() {}

    static void answer(HttpServerRequest request, Problem problem) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        byte[] body = new JsonObject()
                .put("type", problem.type().uri())
                .put("title", problem.type().title())
                .put("status", problem.type().status())
                .put("detail", problem.detail())
                .put("instance", request.path())
                .put("traceId", TraceContext.traceId(request))
                .toBuffer()
                .getBytes();
        problem.fields().forEach(response::putHeader);
        String traceparent = TraceContext.sent(request);
        if (traceparent != null) {
            response.putHeader(TraceContext.FIELD, traceparent);
        }
        response.setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }

    /** Answers a request that failed: with its problem when it has one, and else as an unforeseen error. */
    static void answerFailure(RoutingContext context) {
        for (Throwable cause = context.failure(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException failed) {
                answer(context.request(), failed.problem());
                return;
            }
        }
        switch (context.statusCode()) {
            case 400 -> answer(context.request(), Problem.of(ProblemType.BAD_REQUEST, "The request cannot be read."));
            case 413 ->
                answer(
                        context.request(),
                        Problem.of(ProblemType.CONTENT_TOO_LARGE, "A request body must be at most 1 MiB."));
            default -> {
                LOG.errorf(
                        context.failure(),
                        "%s %s failed, trace %s",
                        context.request().method(),
                        context.request().path(),
                        TraceContext.traceId(context.request()));
                answer(
                        context.request(),
                        Problem.of(ProblemType.INTERNAL, "The log has the details under the trace id."));
            }
        }
    }
}
