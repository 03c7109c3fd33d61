package io.edgedownload.edge;

import io.edgedownload.engine.time.Deadline;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the JSON functions. Funqy would read a body leniently and turn every exception into a bare 500; here what is not
 * allowed or not valid is answered with its problem before Funqy sees it, and what a function throws becomes its problem after.
 */
@Singleton
final class FunctionGuard {
    /** Behind the handler that reads the body, before the functions. */
    private static final int AFTER_BODY = -1;

    private static final String BEARER = "Bearer ";

    private static final Map<String, Class<?>> BODIES = Map.of(
            "publish", FunctionRequests.Publish.class,
            "resolve", FunctionRequests.Resolve.class,
            "warm", FunctionRequests.Warm.class,
            "evict", FunctionRequests.Evict.class,
            "limit", FunctionRequests.Limit.class,
            "presign", FunctionRequests.Presign.class);

    private final EdgeConfig config;
    private final Deadlines deadlines;
    private final StrictJson json = new StrictJson();

    FunctionGuard(EdgeConfig config, Deadlines deadlines) {
        this.config = config;
        this.deadlines = deadlines;
    }

    void install(Router router) {
        BODIES.forEach((name, body) -> router.route("/" + name)
                .order(AFTER_BODY)
                .handler(context -> guard(context, name, body))
                .failureHandler(Problems::answerFailure));
    }

    private void guard(RoutingContext context, String name, Class<?> body) {
        Problem problem = problem(context, name, body);
        if (problem != null) {
            Problems.answer(context.request(), problem);
            return;
        }
        // Funqy sets 200; the function may have a better one.
        context.addHeadersEndHandler(head -> {
            Integer status = context.get(FunctionStatus.KEY);
            if (status != null) {
                context.response().setStatusCode(status);
            }
        });
        context.next();
    }

    private @Nullable Problem problem(RoutingContext context, String name, Class<?> body) {
        if (!config.functions().contains(name)) {
            return Problem.of(ProblemType.UNKNOWN_FUNCTION, "This deployment exposes " + config.functions() + ".");
        }
        if (!context.request().method().equals(HttpMethod.POST)) {
            return Problem.of(ProblemType.METHOD_NOT_ALLOWED, "The function is called with POST.")
                    .with("Allow", "POST");
        }
        if (needsToken(name) && !hasToken(context)) {
            return Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "This needs the field Authorization: Bearer with the token of edge.admin.token.")
                    .with("WWW-Authenticate", "Bearer realm=\"edge-download\"");
        }
        Problem late = withoutTime(context);
        return late == null ? badBody(context, body) : late;
    }

    /** Why the function cannot have the time it was given; null when it has its deadline. */
    private @Nullable Problem withoutTime(RoutingContext context) {
        return switch (deadlines.of(context.request().headers())) {
            case Deadlines.Given.Refused(Problem problem) -> problem;
            case Deadlines.Given.Until(Deadline deadline) -> {
                FunctionDeadline.put(context, deadline);
                yield null;
            }
        };
    }

    private @Nullable Problem badBody(RoutingContext context, Class<?> body) {
        Buffer sent = context.body() == null ? null : context.body().buffer();
        if (sent == null || sent.length() == 0) {
            return Problem.of(ProblemType.BAD_REQUEST, "The body must be a JSON object; there was none.");
        }
        String complaint = json.complaint(sent.getBytes(), body);
        return complaint == null ? null : Problem.of(ProblemType.BAD_REQUEST, complaint);
    }

    /**
     * What changes what is published, or how it is served, always does. What hands out signed addresses does where downloads need them: it would
     * otherwise be a way around.
     */
    private boolean needsToken(String name) {
        return switch (name) {
            case "publish", "warm", "evict", "limit" -> true;
            default -> config.access() == EdgeConfig.Access.SIGNED;
        };
    }

    private boolean hasToken(RoutingContext context) {
        String sent = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        String token = config.admin().token().orElse("");
        return !token.isEmpty()
                && sent != null
                && sent.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        sent.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
    }
}
