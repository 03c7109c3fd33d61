package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.breaker.Admission;
import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Drain;
import io.edgedownload.fleet.v1.EgressLimit;
import io.edgedownload.fleet.v1.Lift;
import io.edgedownload.fleet.v1.Order;
import io.edgedownload.fleet.v1.ProbeFirst;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FleetOrdersTest {
    private static final String ORIGIN = "http://sick:80";

    private final ManualTicker ticker = new ManualTicker();
    private final List<String> limits = new ArrayList<>();
    private final Draining draining = new Draining(ticker);
    private final Breakers breakers = new Breakers(8, Breaker.Settings.DEFAULTS, _ -> {}, ticker);
    private final FleetOrders orders = new FleetOrders(
            new EgressLimits() {
                @Override
                public void set(String source, long bytesPerSecond, Duration holds) {
                    limits.add(source + " " + bytesPerSecond + " " + holds);
                }

                @Override
                public void lift(String source) {
                    limits.add(source + " none");
                }
            },
            draining,
            breakers,
            Optional.empty());

    @Test
    void aLimitIsSetAndLifted() {
        orders.obey(Directive.newBuilder()
                .setEgressLimit(
                        EgressLimit.newBuilder().setBytesPerSecond(5_000).setHoldsSeconds(60))
                .build());
        lift(Order.ORDER_EGRESS_LIMIT);
        assertEquals(List.of("coordinator 5000 PT1M", "coordinator none"), limits);
    }

    @Test
    void aDrainHoldsUntilItIsLifted() {
        drain();
        assertTrue(draining.holds());
        lift(Order.ORDER_DRAIN);
        assertFalse(draining.holds());
    }

    @Test
    void aDrainThatNobodyRenewsEndsByItself() {
        drain();
        ticker.advance(Duration.ofSeconds(59));
        drain();
        ticker.advance(Duration.ofSeconds(59));
        assertTrue(draining.holds());
        ticker.advance(Duration.ofSeconds(1));
        assertFalse(draining.holds());
    }

    @Test
    void anOriginIsProbedOnceWhenItIsAnnounced() {
        announce(ORIGIN);
        assertEquals(Status.HALF_OPEN, breakers.of(ORIGIN).status());
        for (int probe = 0; probe < 3; probe++) {
            switch (breakers.of(ORIGIN).admit()) {
                case Admission.Admitted(var permit) ->
                    permit.succeeded(Duration.ofMillis(1).toNanos());
                case Admission.Rejected rejected -> throw new AssertionError("a probe is admitted: " + rejected);
            }
        }
        announce(ORIGIN, "http://other:80");
        assertEquals(Status.CLOSED, breakers.of(ORIGIN).status());
        announce();
        announce(ORIGIN);
        assertEquals(Status.HALF_OPEN, breakers.of(ORIGIN).status());
    }

    @Test
    void whatALaterVersionOrdersIsSkipped() {
        orders.obey(Directive.getDefaultInstance());
        orders.obey(Directive.newBuilder()
                .setLift(Lift.newBuilder().setOrderValue(77))
                .build());
        assertEquals(List.of(), limits);
    }

    private void drain() {
        orders.obey(Directive.newBuilder()
                .setDrain(Drain.newBuilder().setHoldsSeconds(60))
                .build());
    }

    private void lift(Order order) {
        orders.obey(Directive.newBuilder()
                .setLift(Lift.newBuilder().setOrder(order))
                .build());
    }

    private void announce(String... origins) {
        orders.obey(Directive.newBuilder()
                .setProbeFirst(ProbeFirst.newBuilder().addAllOrigins(List.of(origins)))
                .build());
    }
}
