package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.connect.Places.Asked;
import io.edgedownload.engine.connect.Places.Waiter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four places at an origin and four in the queue for them, of which one tenant can have two each. */
final class PlacesTest {
    private static final Origin ORIGIN = new Origin(true, "files.example", 443);
    private static final Origin OTHER = new Origin(true, "other.example", 443);
    private static final String NOBODY = "";

    private final Places places = new Places(Connectors.limits(4, 4, 0.5));

    @Test
    void whoeverAsksNextWaitsAndThenTheQueueIsFull() {
        take(ORIGIN, NOBODY, 4);
        for (int waiting = 0; waiting < 4; waiting++) {
            queued(ORIGIN, NOBODY);
        }
        assertEquals(new Asked.Full(), places.ask(ORIGIN, NOBODY));
        assertEquals(new Asked.Taken(), places.ask(OTHER, NOBODY));
        assertEquals(new Pool(0, 0, 0, 4, 4, 0), places.pools().get(ORIGIN));
    }

    @Test
    void aPlaceThatIsGivenBackGoesToWhoeverWaitsLongest() {
        take(ORIGIN, NOBODY, 4);
        Waiter first = queued(ORIGIN, NOBODY);
        Waiter second = queued(ORIGIN, NOBODY);
        places.giveBack(ORIGIN, NOBODY);
        assertTrue(first.granted().isDone());
        assertFalse(second.granted().isDone());
        assertEquals(new Pool(0, 0, 0, 4, 1, 0), places.pools().get(ORIGIN));
    }

    @Test
    void aStuckTenantHoldsUpNobodyElse() {
        take(ORIGIN, "stuck", 2);
        Waiter waiting = queued(ORIGIN, "stuck");
        queued(ORIGIN, "stuck");
        assertEquals(new Asked.Full(), places.ask(ORIGIN, "stuck"));
        assertTrue(places.shareUsedUp(ORIGIN, "stuck"));

        take(ORIGIN, "well", 2);
        Waiter well = queued(ORIGIN, "well");
        places.giveBack(ORIGIN, "well");
        assertTrue(well.granted().isDone());
        assertFalse(waiting.granted().isDone());
    }

    @Test
    void aShareIsOfEachOrigin() {
        take(ORIGIN, "one", 2);
        assertFalse(places.shareUsedUp(OTHER, "one"));
        take(OTHER, "one", 2);
    }

    @Test
    void whoIsNobodyHasNoShare() {
        take(ORIGIN, NOBODY, 4);
        assertFalse(places.shareUsedUp(ORIGIN, NOBODY));
    }

    @Test
    void whoLeavesIsPassedOver() {
        take(ORIGIN, NOBODY, 4);
        Waiter first = queued(ORIGIN, NOBODY);
        Waiter second = queued(ORIGIN, NOBODY);
        assertTrue(places.leave(first));
        places.giveBack(ORIGIN, NOBODY);
        assertTrue(second.granted().isDone());
        // It came too late to leave: what it was granted it has to give back.
        assertFalse(places.leave(second));
    }

    @Test
    void higherLimitsSeatWhoeverWaits() {
        take(ORIGIN, NOBODY, 4);
        Waiter waiter = queued(ORIGIN, NOBODY);
        places.limit(Connectors.limits(5, 4, 0.5));
        assertTrue(waiter.granted().isDone());
    }

    @Test
    void lowerLimitsTakeNothingAway() {
        take(ORIGIN, NOBODY, 4);
        places.limit(Connectors.limits(2, 4, 0.5));
        Waiter waiter = queued(ORIGIN, NOBODY);
        places.giveBack(ORIGIN, NOBODY);
        places.giveBack(ORIGIN, NOBODY);
        assertFalse(waiter.granted().isDone());
        places.giveBack(ORIGIN, NOBODY);
        assertTrue(waiter.granted().isDone());
    }

    @Test
    void nothingIsKeptOfAnOriginThatNobodyUses() {
        take(ORIGIN, "one", 1);
        places.giveBack(ORIGIN, "one");
        assertEquals(Map.of(), places.pools());
    }

    private void take(Origin origin, String tenant, int count) {
        for (int taken = 0; taken < count; taken++) {
            assertEquals(new Asked.Taken(), places.ask(origin, tenant));
        }
    }

    private Waiter queued(Origin origin, String tenant) {
        return assertInstanceOf(Asked.Queued.class, places.ask(origin, tenant)).waiter();
    }
}
