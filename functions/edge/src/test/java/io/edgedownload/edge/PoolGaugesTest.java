package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.Pool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PoolGaugesTest {
    private static final Pool SOME = new Pool(1, 2, 3, 4, 5, 6);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Origin, Pool> pools = new HashMap<>();
    private final PoolGauges gauges = new PoolGauges(registry);

    PoolGaugesTest() {
        gauges.watch(() -> pools);
    }

    @Test
    void anOriginHasGaugesOfItsOwn() {
        use(1);
        assertEquals(1, value("edge.connect.connections", origin(1).toString(), "idle"));
        assertEquals(2, value("edge.connect.connections", origin(1).toString(), "leased"));
        assertEquals(3, value("edge.connect.connections", origin(1).toString(), "closing"));
        assertEquals(4, value("edge.connect.places", origin(1).toString()));
        assertEquals(5, value("edge.connect.waiting", origin(1).toString()));
        assertEquals(6, value("edge.connect.demoted", origin(1).toString()));
        assertEquals(0, value("edge.connect.places", "other"));
    }

    @Test
    void originsBeyondTheBoundAreOneSum() {
        for (int port = 1; port <= PoolGauges.MOST + 2; port++) {
            use(port);
        }
        assertEquals(PoolGauges.MOST + 1, registered());
        assertEquals(8, value("edge.connect.places", "other"));
    }

    @Test
    void anOriginThatIsGoneLeavesItsPlaceToAnother() {
        for (int port = 1; port <= PoolGauges.MOST; port++) {
            use(port);
        }
        pools.remove(origin(1));
        use(PoolGauges.MOST + 1);
        assertEquals(PoolGauges.MOST + 1, registered());
        assertEquals(4, value("edge.connect.places", origin(PoolGauges.MOST + 1).toString()));
        assertEquals(0, value("edge.connect.places", "other"));
    }

    private void use(int port) {
        pools.put(origin(port), SOME);
        gauges.show(origin(port));
    }

    private long registered() {
        return registry.find("edge.connect.places").gauges().size();
    }

    private double value(String name, String origin) {
        return registry.get(name).tag("origin", origin).gauge().value();
    }

    private double value(String name, String origin, String state) {
        Gauge gauge =
                registry.get(name).tag("origin", origin).tag("state", state).gauge();
        return gauge.value();
    }

    private static Origin origin(int port) {
        return new Origin(true, "files.example", port);
    }
}
