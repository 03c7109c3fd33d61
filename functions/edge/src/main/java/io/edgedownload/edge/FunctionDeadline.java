package io.edgedownload.edge;

import io.edgedownload.engine.time.Deadline;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Gives a function the deadline that its request was let in with. */
@Singleton
final class FunctionDeadline {
    private static final String KEY = "edge.deadline";

    private final CurrentVertxRequest current;
    private final Deadlines deadlines;

    FunctionDeadline(CurrentVertxRequest current, Deadlines deadlines) {
        this.current = current;
        this.deadlines = deadlines;
    }

    static void put(RoutingContext context, Deadline deadline) {
        context.put(KEY, deadline);
    }

    /** That of the request; what is configured when the function was not called over HTTP. */
    Deadline get() {
        RoutingContext context = current.getCurrent();
        @Nullable Deadline given = context == null ? null : context.get(KEY);
        return given == null ? deadlines.configured() : given;
    }
}
