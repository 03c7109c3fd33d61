package io.edgedownload.edge;

import io.edgedownload.engine.time.Deadline;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
    private final InstantSource clock;
    private final StrictJson json = new StrictJson();
    private final CloudEvents events = new CloudEvents(json);

    FunctionGuard(EdgeConfig config, Deadlines deadlines, InstantSource clock) {
        this.config = config;
        this.deadlines = deadlines;
        this.clock = clock;
    }

    void install(Router router) {
        BODIES.forEach((name, body) -> router.route("/" + name)
                .order(AFTER_BODY)
                .handler(context -> guard(context, name, body))
                .failureHandler(Problems::answerFailure));
        router.post("/").order(AFTER_BODY).handler(this::byType).failureHandler(Problems::answerFailure);
    }

    /** An event can be sent to the root: its type names the function. */
    private void byType(RoutingContext context) {
        switch (events.read(context.request().headers(), sent(context))) {
            case CloudEvents.Call.Plain() -> context.next();
            case CloudEvents.Call.Refused(String complaint) -> answerBadRequest(context, complaint);
            case CloudEvents.Call.Event(String type, var _, var _, var _) -> {
                String name = type.replaceFirst("^" + Pattern.quote(CloudEvents.TYPE_PREFIX), "");
                if (name.equals(type) || !BODIES.containsKey(name)) {
                    answerBadRequest(
                            context,
                            "The event's type must be " + CloudEvents.TYPE_PREFIX + " and one of "
                                    + new TreeSet<>(BODIES.keySet()) + ".");
                } else {
                    context.reroute("/" + name);
                }
            }
        }
    }

    private static void answerBadRequest(RoutingContext context, String complaint) {
        Problems.answer(context.request(), Problem.of(ProblemType.BAD_REQUEST, complaint));
    }

    private void guard(RoutingContext context, String name, Class<?> body) {
        // The router knows a path in any spelling, Funqy in this one only.
        String path = context.normalizedPath().replaceFirst("/$", "");
        if (!path.equals(context.request().path())) {
            context.reroute(path);
            return;
        }
        Problem problem = unwanted(context, name);
        if (problem == null) {
            problem = switch (events.read(context.request().headers(), sent(context))) {
                case CloudEvents.Call.Plain() -> badCall(context, sent(context), List.of(), body);
                case CloudEvents.Call.Refused(String complaint) -> Problem.of(ProblemType.BAD_REQUEST, complaint);
                case CloudEvents.Call.Event event -> badEvent(context, event, name, body);
            };
        }
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

    /** Why the event is not for the function; null when it is, and its data is the body from now on. */
    private @Nullable Problem badEvent(
            RoutingContext context, CloudEvents.Call.Event event, String name, Class<?> body) {
        if (!event.type().equals(CloudEvents.TYPE_PREFIX + name)) {
            return Problem.of(
                    ProblemType.BAD_REQUEST, "The event's type must be " + CloudEvents.TYPE_PREFIX + name + " here.");
        }
        if (event.origin().isValid()) {
            // The span has begun, and so has its parent: what the body says can be linked to it and no more.
            var _ = Span.current().addLink(event.origin());
        }
        Problem problem = badCall(context, event.data(), event.moments(), body);
        if (problem == null) {
            ((RoutingContextInternal) context).setBody(event.data());
            context.addHeadersEndHandler(_ -> CloudEvents.mark(context.response(), name, clock.instant()));
        }
        return problem;
    }

    /** Who may not call the function, or not so. */
    private @Nullable Problem unwanted(RoutingContext context, String name) {
        if (!config.functions().contains(name)) {
            return Problem.of(ProblemType.UNKNOWN_FUNCTION, "This deployment exposes " + config.functions() + ".");
        }
        if (!isPost(context)) {
            return Problem.of(ProblemType.METHOD_NOT_ALLOWED, "The function is called with POST.")
                    .with("Allow", "POST");
        }
        if (needsToken(name) && !hasToken(context) && !isTrustedEvent(context, name)) {
            return Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "This needs the field Authorization: Bearer with the token of edge.admin.token.")
                    .with("WWW-Authenticate", "Bearer realm=\"edge-download\"");
        }
        return null;
    }

    /** What is POST between control characters equals it, but is not it, and that is what Funqy asks. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isPost(RoutingContext context) {
        return context.request().method() == HttpMethod.POST;
    }

    private @Nullable Problem badCall(
            RoutingContext context, @Nullable Buffer sent, List<String> deadlineAttributes, Class<?> body) {
        Problem late = withoutTime(context, deadlineAttributes);
        return late == null ? badBody(sent, body) : late;
    }

    /** Why the function cannot have the time it was given; null when it has its deadline. */
    private @Nullable Problem withoutTime(RoutingContext context, List<String> attributes) {
        return switch (deadlines.of(context.request().headers(), attributes)) {
            case Deadlines.Given.Refused(Problem problem) -> problem;
            case Deadlines.Given.Until(Deadline deadline) -> {
                FunctionDeadline.put(context, deadline);
                yield null;
            }
        };
    }

    private static @Nullable Buffer sent(RoutingContext context) {
        return context.body() == null ? null : context.body().buffer();
    }

    private @Nullable Problem badBody(@Nullable Buffer sent, Class<?> body) {
        if (sent == null || sent.length() == 0) {
            return Problem.of(ProblemType.BAD_REQUEST, "The body must be a JSON object; there was none.");
        }
        return switch (json.read(sent.getBytes(), body)) {
            case StrictJson.Read.Value<?> _ -> null;
            case StrictJson.Read.Wrong<?>(String complaint) -> Problem.of(ProblemType.BAD_REQUEST, complaint);
        };
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

    /** Nothing is published or changed by one: it loads what is published already, or has it loaded again. */
    private boolean isTrustedEvent(RoutingContext context, String name) {
        return config.admin().events() == EdgeConfig.Events.NETWORK
                && (name.equals("warm") || name.equals("evict"))
                && CloudEvents.isEvent(context.request().headers());
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
