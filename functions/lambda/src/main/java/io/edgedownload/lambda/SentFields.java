package io.edgedownload.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.quarkus.vertx.http.runtime.QuarkusHttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Gives a request the fields that its client sent. Quarkus cuts the values of the event at each comma, so that a date
 * (RFC 9110 §5.6.7) becomes two values, and of several ranges a first one that stands alone.
 */
@Singleton
final class SentFields {
    void route(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(context -> {
            if (context.request().headers() instanceof QuarkusHttpHeaders fields) {
                restore(fields);
            }
            context.next();
        });
    }

    private static void restore(QuarkusHttpHeaders fields) {
        APIGatewayV2HTTPEvent event = fields.getContextObject(APIGatewayV2HTTPEvent.class);
        if (event != null && event.getHeaders() != null) {
            event.getHeaders().forEach((name, value) -> {
                if (value != null && value.contains(",")) {
                    fields.set(name, value);
                }
            });
        }
    }
}
