package io.edgedownload.coordinator;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/** The fleet over HTTP: who is there and what was ordered, and draining by hand. With a token only for who has it. */
@Singleton
final class EdgesRoute {
    private static final String NAME = "/edges/:instance/drain";

    private final Token token;
    private final Roster roster;
    private final Policy policy;
    private final Streams streams;

    EdgesRoute(Token token, Roster roster, Policy policy, Streams streams) {
        this.token = token;
        this.roster = roster;
        this.policy = policy;
        this.streams = streams;
    }

    void route(@Observes Router router) {
        router.get("/edges").handler(this::show);
        router.put(NAME).handler(context -> drain(context, true));
        router.delete(NAME).handler(context -> drain(context, false));
    }

    private void show(RoutingContext context) {
        if (token.secret().isPresent() && !hasToken(context)) {
            refuse(context);
            return;
        }
        Map<String, Standing> fleet = roster.fleet();
        Map<String, Orders> orders = policy.orders(fleet.values(), roster.drained(), streams.nowMillis());
        JsonArray edges = new JsonArray();
        fleet.values().stream()
                .sorted(Comparator.comparing(Standing::instance))
                .forEach(each -> edges.add(StandingJson.shown(each)
                        .put("orders", json(orders.getOrDefault(each.instance(), Orders.NONE)))));
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(new JsonObject()
                        .put("coordinator", streams.coordinator())
                        .put("shared", roster.reached())
                        .put("edges", edges)
                        .encode());
    }

    private static JsonObject json(Orders orders) {
        return new JsonObject()
                .put("egressLimitBytesPerSecond", orders.egressLimit())
                .put("drain", orders.drain())
                .put("warmChunks", orders.warm().size())
                .put(
                        "probeFirst",
                        new JsonArray(orders.probeFirst().stream().sorted().toList()));
    }

    private void drain(RoutingContext context, boolean wanted) {
        String instance = Objects.requireNonNull(context.pathParam("instance"), "part of the route");
        if (!hasToken(context)) {
            refuse(context);
        } else if (wanted && !roster.fleet().containsKey(instance)) {
            context.response().setStatusCode(404).end();
        } else {
            roster.drain(instance, wanted);
            context.response().setStatusCode(202).end();
        }
    }

    private boolean hasToken(RoutingContext context) {
        return token.isIn(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    }

    private static void refuse(RoutingContext context) {
        context.response()
                .setStatusCode(401)
                .putHeader("WWW-Authenticate", "Bearer realm=\"coordinator\"")
                .end();
    }
}
