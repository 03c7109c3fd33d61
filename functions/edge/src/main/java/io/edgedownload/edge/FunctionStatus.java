package io.edgedownload.edge;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Lets a function answer with another status than 200 when it was called over HTTP. */
@Singleton
final class FunctionStatus {
    static final String KEY = "edge.status";

    private final CurrentVertxRequest current;

    FunctionStatus(CurrentVertxRequest current) {
        this.current = current;
    }

    void created() {
        RoutingContext context = current.getCurrent();
        if (context != null) {
            context.put(KEY, 201);
        }
    }
}
