package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A running instance takes other limits of connections. */
class LimitTest {
    private static final HostedObject OBJECT = HostedObject.random(61, 200_000);
    private static final String PATH = "/object";
    private static final int CLIENTS = 6;
    private static final int CHANGES = 12;

    @Test
    void underLoadNotOneRequestFails() throws Exception {
        // Without a cache to speak of every request needs its origin.
        try (Edge edge = Edge.start(
                        "limits",
                        Map.of(
                                "edge.cache.memory.max-size",
                                "0",
                                "edge.connect.timeout",
                                "5s",
                                "edge.fetch.attempt-timeout",
                                "20s"));
                FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT)) {
            String id = edge.publish(Publication.of(origin.uri(PATH)));
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger answers = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(Thread.startVirtualThread(() -> {
                    while (!enough.get()) {
                        read(edge, id, failures);
                        answers.incrementAndGet();
                    }
                }));
            }
            for (int change = 0; change < CHANGES && failures.isEmpty(); change++) {
                int before = answers.get();
                change(edge, 4 + change % 5);
                while (answers.get() < before + 2 * CLIENTS && failures.isEmpty()) {
                    Thread.onSpinWait();
                }
            }
            enough.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertTrue(origin.connections() > CHANGES, "each change brings new connections: " + origin.connections());
        }
    }

    private static void change(Edge edge, int perOrigin) throws IOException {
        RawResponse changed = edge.limit("{\"perOrigin\":%d}".formatted(perOrigin));
        assertEquals(200, changed.status(), changed::toString);
        assertTrue(changed.text().contains("\"perOrigin\":" + perOrigin), changed::text);
    }

    private static void read(Edge edge, String id, Queue<String> failures) {
        try {
            assertWhole(OBJECT, edge.get(id));
        } catch (IOException | AssertionError e) {
            failures.add(e.toString());
        }
    }
}
