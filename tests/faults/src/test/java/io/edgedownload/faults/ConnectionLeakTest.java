package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** There are two connections to an origin. Whatever goes wrong on them, they are there for the next request. */
class ConnectionLeakTest {

    private static final String PATH = "/object";
    private static final int FAULTS = 8;

    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        edge = Edge.start(
                "leak",
                Map.of(
                        "edge.connect.per-origin", "2",
                        "edge.connect.waiting", "4",
                        "edge.fetch.attempt-timeout", "500ms",
                        "edge.fetch.progress-window", "200ms"));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.AcceptAndStall(),
                new Fault.StallAt(10),
                new Fault.Trickle(100),
                new Fault.ResetAt(0),
                new Fault.ResetAt(10),
                new Fault.TruncateAt(10),
                new Fault.FullBody200(),
                new Fault.WrongContentRange(1),
                new Fault.ShortContentLength(10),
                new Fault.GarbageHead(),
                new Fault.HugeHeaders(300_000),
                new Fault.Status(204),
                new Fault.Status(304),
                new Fault.Status(404),
                new Fault.Status(500),
                new Fault.RedirectTo(PATH));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void connectionsComeBack(Fault fault) throws Exception {
        var object = HostedObject.random(67, 60_000);
        try (var origin = FaultOrigin.start().serve(PATH, object)) {
            var id = edge.publish(Publication.of(origin.uri(PATH)));
            var sick = origin.on(PATH).always(fault);
            for (int i = 0; i < FAULTS; i++) {
                var answer = edge.get(id);
                assertTrue(answer.status() >= 400 && answer.isComplete(), answer::toString);
            }
            sick.heal();
            assertWhole(object, edge.get(id));
        }
    }
}
