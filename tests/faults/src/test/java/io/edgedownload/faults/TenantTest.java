package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Four connections to an origin, of which one tenant can have two, and no queue. */
class TenantTest {
    private static final HostedObject OBJECT = HostedObject.random(81, 500_000);
    private static final String PATH = "/object";
    private static final int CHUNK = 65_536;

    private static Edge edge;

    private final Gate gate = new Gate();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private FaultOrigin origin;

    @BeforeAll
    static void startEdge() throws Exception {
        edge = Edge.start(
                "tenants",
                Map.of(
                        "edge.tenant.header", "X-Tenant",
                        "edge.connect.per-origin", "4",
                        "edge.connect.tenant-share", "0.5",
                        "edge.connect.waiting", "0",
                        "edge.connect.timeout", "5s",
                        "edge.fetch.attempt-timeout", "20s",
                        "edge.deadline.total", "30s"));
    }

    @AfterAll
    static void stopEdge() {
        edge.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        gate.open();
        clients.close();
        origin.close();
    }

    @Test
    void aTenantWithItsShareInUseIsRefusedAndOthersAreServed() throws Exception {
        String id = edge.publish(Publication.of(origin.uri(PATH)));
        List<Future<RawResponse>> stuck = stuck(id);

        RawResponse refused = chunk(id, 2, "greedy");
        assertProblem(429, Set.of("tenant-share"), refused);
        assertEquals(Optional.of("1"), refused.field("Retry-After"));
        assertChunk(3, chunk(id, 3, "modest"));

        gate.open();
        assertChunk(0, stuck.get(0).get());
        assertChunk(1, stuck.get(1).get());
        assertChunk(2, chunk(id, 2, "greedy"));
    }

    @Test
    void s3ServesATenantWithItsShareInUse() throws Exception {
        String id = edge.publish(Publication.of(origin.uri(PATH)).withS3(edge.store(OBJECT)));
        List<Future<RawResponse>> stuck = stuck(id);

        assertChunk(2, chunk(id, 2, "greedy"));

        gate.open();
        assertChunk(0, stuck.get(0).get());
        assertChunk(1, stuck.get(1).get());
    }

    @Test
    void aNameThatIsNoneIs400() throws Exception {
        String id = edge.publish(Publication.of(origin.uri(PATH)));
        assertProblem(400, Set.of("bad-request"), chunk(id, 0, "a b"));
        assertProblem(400, Set.of("bad-request"), chunk(id, 0, "x".repeat(65)));
    }

    /** Two chunks that one tenant waits for, with a connection each. */
    private List<Future<RawResponse>> stuck(String id) throws InterruptedException {
        int before = origin.requests(PATH).size();
        origin.onRanged(PATH).times(2, new Fault.HoldUntil(gate));
        List<Future<RawResponse>> stuck = Stream.of(0, 1)
                .map(index -> {
                    Callable<RawResponse> reading = () -> chunk(id, index, "greedy");
                    return clients.submit(reading);
                })
                .toList();
        origin.awaitRequests(PATH, before + 2);
        return stuck;
    }

    private static RawResponse chunk(String id, int index, String tenant) throws IOException {
        long first = (long) index * CHUNK;
        return edge.get(id, Map.of("Range", "bytes=%d-%d".formatted(first, first + 99), "X-Tenant", tenant));
    }

    private static void assertChunk(int index, RawResponse answer) {
        long first = (long) index * CHUNK;
        assertPart(OBJECT, first, first + 99, answer);
    }
}
