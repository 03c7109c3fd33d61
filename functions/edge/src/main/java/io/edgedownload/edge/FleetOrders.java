package io.edgedownload.edge;

import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Order;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Does what a coordinator orders. No method blocks. */
final class FleetOrders {
    private static final Logger LOG = Logger.getLogger(FleetOrders.class);

    /** Whose limits of traffic they are. */
    static final String SOURCE = "coordinator";

    private final EgressLimits limits;
    private final Draining draining;
    private final Breakers breakers;
    private final Optional<WarmOrders> warm;
    private final AtomicReference<Set<String>> suspects = new AtomicReference<>(Set.of());

    /** @param warm empty without a disk */
    FleetOrders(EgressLimits limits, Draining draining, Breakers breakers, Optional<WarmOrders> warm) {
        this.limits = limits;
        this.draining = draining;
        this.breakers = breakers;
        this.warm = warm;
    }

    void obey(Directive directive) {
        switch (directive.getDirectiveCase()) {
            case EGRESS_LIMIT ->
                limit(
                        Math.max(1, directive.getEgressLimit().getBytesPerSecond()),
                        Duration.ofSeconds(directive.getEgressLimit().getHoldsSeconds()));
            case DRAIN -> {
                LOG.warn("the coordinator orders to take no new requests");
                draining.begin(Duration.ofSeconds(directive.getDrain().getHoldsSeconds()));
            }
            case LIFT -> lift(directive.getLift().getOrder());
            case WARM ->
                warm.ifPresent(orders -> orders.warm(directive.getWarm().getChunksList()));
            case PROBE_FIRST -> suspect(directive.getProbeFirst().getOriginsList());
            case WELCOME, ACKNOWLEDGED, DIRECTIVE_NOT_SET -> {
                // Nothing is ordered.
            }
        }
    }

    private void limit(long bytesPerSecond, Duration holds) {
        LOG.warnf("the coordinator orders to send at most %d bytes a second for %s", bytesPerSecond, holds);
        limits.set(SOURCE, bytesPerSecond, holds);
    }

    private void lift(Order order) {
        switch (order) {
            case ORDER_EGRESS_LIMIT -> {
                LOG.info("the coordinator orders no limit any more");
                limits.lift(SOURCE);
            }
            case ORDER_DRAIN -> {
                LOG.info("the coordinator orders to take requests again");
                draining.end();
            }
            case ORDER_UNSPECIFIED, UNRECOGNIZED -> {
                // Of a later version.
            }
        }
    }

    private void suspect(List<String> origins) {
        Set<String> before = suspects.getAndSet(Set.copyOf(origins));
        origins.stream()
                .filter(origin -> !before.contains(origin))
                .forEach(origin -> breakers.of(origin).suspect());
    }
}
