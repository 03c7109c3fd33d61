package io.edgedownload.engine.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgedownload.engine.breaker.Admission.Admitted;
import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.time.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BreakersTest {
    private final ManualTicker ticker = new ManualTicker();
    private final List<BreakerChanged> events = new ArrayList<>();
    private final Breakers breakers = new Breakers(2, Breaker.Settings.DEFAULTS, events::add, ticker);

    @Test
    void anOriginKeepsItsBreaker() {
        assertSame(breakers.of("a"), breakers.of("a"));
        assertNotSame(breakers.of("a"), breakers.of("b"));
    }

    @Test
    void anEventNamesItsOrigin() {
        open("a");
        assertEquals("a", events.getFirst().origin());
        assertEquals(Status.CLOSED, breakers.of("b").status());
    }

    @Test
    void idleOnesMakeRoom() {
        succeed("a");
        succeed("b");
        ticker.advance(Duration.ofSeconds(20));
        succeed("b");
        ticker.advance(Duration.ofSeconds(20));
        breakers.of("c");
        assertEquals(Set.of("b", "c"), breakers.all().keySet());
    }

    @Test
    void anOpenOneIsNeverLetGo() {
        Breaker open = open("a");
        breakers.of("b");
        ticker.advance(Duration.ofHours(1));
        breakers.of("c");
        assertSame(open, breakers.of("a"));
        assertEquals(Set.of("a", "c"), breakers.all().keySet());
    }

    @Test
    void itHoldsNoMoreThanItsBoundAndAdmitsTheRest() {
        breakers.of("a");
        breakers.of("b");
        Breaker third = breakers.of("c");
        assertInstanceOf(Admitted.class, third.admit());
        assertEquals(Set.of("a", "b"), breakers.all().keySet());
    }

    @Test
    void refusesToHoldNone() {
        assertThrows(
                IllegalArgumentException.class, () -> new Breakers(0, Breaker.Settings.DEFAULTS, events::add, ticker));
    }

    private void succeed(String origin) {
        assertInstanceOf(Admitted.class, breakers.of(origin).admit()).permit().succeeded(1);
    }

    private Breaker open(String origin) {
        Breaker breaker = breakers.of(origin);
        for (int second = 0; second < 31; second++) {
            for (int i = 0; i < 20; i++) {
                assertInstanceOf(Admitted.class, breaker.admit()).permit().failed(1);
            }
            ticker.advance(Duration.ofSeconds(1));
        }
        assertEquals(Status.OPEN, breaker.status());
        return breaker;
    }
}
