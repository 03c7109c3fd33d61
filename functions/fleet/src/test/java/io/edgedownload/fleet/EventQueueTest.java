package io.edgedownload.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fleet.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
    private final EventQueue queue = new EventQueue(3);

    @Test
    void numbersEventsAndKeepsThemUntilTheyAreStored() {
        add(3);
        assertEquals(List.of(1L, 2L, 3L), sequences(0));
        assertEquals(List.of(3L), sequences(2));
        queue.stored(2);
        assertEquals(List.of(3L), sequences(0));
        queue.stored(2);
        assertEquals(1, queue.size());
        assertEquals(0, queue.dropped());
    }

    @Test
    void dropsTheOldestWhenTooManyWait() {
        add(5);
        assertEquals(List.of(3L, 4L, 5L), sequences(0));
        assertEquals(2, queue.dropped());
        queue.stored(5);
        add(1);
        assertEquals(List.of(6L), sequences(0));
    }

    private void add(int count) {
        for (int added = 0; added < count; added++) {
            queue.add(Event.newBuilder());
        }
    }

    private List<Long> sequences(long after) {
        return queue.after(after).stream().map(Event::getSequence).toList();
    }
}
