package io.edgedownload.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Answers with problems. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private Problems() {}

    static void answer(HttpServerRequest request, Problem problem) {
        answer(request, problem, TraceContext.traceId(request));
    }

    private static void answer(HttpServerRequest request, Problem problem, String traceId) {
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
                .put("traceId", traceId)
                .toBuffer()
                .getBytes();
        problem.fields().forEach(response::putHeader);
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
        HttpServerRequest request = context.request();
        for (Throwable cause = context.failure(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException failed) {
                answer(request, failed.problem());
                return;
            }
        }
        switch (context.statusCode()) {
            case 413 ->
                answer(request, Problem.of(ProblemType.CONTENT_TOO_LARGE, "A request body must be at most 1 MiB."));
            case 417 ->
                answer(request, Problem.of(ProblemType.EXPECTATION_FAILED, "Only Expect: 100-continue is understood."));
            case 400 -> answer(request, unreadable());
            default -> {
                // A request that did not come to its end was broken or broken off, and that is its sender's affair.
                if (request.isEnded()) {
                    unforeseen(request, context.failure());
                } else {
                    answer(request, unreadable());
                }
            }
        }
    }

    /** Answers with an error that nobody thought of, and tells the log. */
    static void unforeseen(HttpServerRequest request, @Nullable Throwable failure) {
        String traceId = TraceContext.traceId(request);
        LOG.errorf(failure, "%s %s failed, trace %s", request.method(), request.path(), traceId);
        answer(request, Problem.of(ProblemType.INTERNAL, "The log has the details under the trace id."), traceId);
    }

    private static Problem unreadable() {
        return Problem.of(ProblemType.BAD_REQUEST, "The request cannot be read.");
    }
}
