package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.dns.FaultDns;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With hedges, an address that falls silent costs a moment and not the time of an attempt. */
class HedgeFaultTest {
    private static final int CHUNKS = 60;
    private static final int CHUNK = 65_536;
    private static final HostedObject OBJECT = HostedObject.random(72, CHUNKS * CHUNK);
    private static final String PATH = "/object";
    private static final String NAME = "hedged.example.test";
    private static final String WON = "edge_fetch_hedges_total{outcome=\"won\"}";

    @Test
    void aSilentAddressIsOvertakenByTheOther() throws Exception {
        try (FaultDns dns = FaultDns.start();
                FaultOrigin one = FaultOrigin.startOn("127.0.0.1").serve(PATH, OBJECT);
                FaultOrigin two = FaultOrigin.startOn("127.0.0.2", one.port()).serve(PATH, OBJECT)) {
            dns.host(NAME, Duration.ofMinutes(5), "127.0.0.1", "127.0.0.2");
            try (Edge edge = Edge.start(
                    "hedges",
                    Map.of(
                            "edge.dns.servers", "127.0.0.1:" + dns.address().getPort(),
                            "edge.retry.hedge", "true",
                            "edge.breaker.bucket", "50ms",
                            "edge.breaker.window", "15s",
                            "edge.breaker.min-requests", "1",
                            // Longer than the test may take: without a hedge it fails.
                            "edge.connect.timeout", "100s",
                            "edge.fetch.attempt-timeout", "100s",
                            "edge.deadline.total", "60s"))) {
                String id = edge.publish(Publication.of(URI.create("http://" + NAME + ":" + one.port() + PATH)));
                int chunk = 0;
                while (chunk < CHUNKS / 2) {
                    first(edge, id, chunk++);
                }
                // Some may be hedged, and a hedge that wins leaves its connection: where do requests go now?
                boolean byOne = false;
                boolean byTwo = false;
                while (byOne == byTwo) {
                    int ones = one.requests(PATH).size();
                    int twos = two.requests(PATH).size();
                    first(edge, id, chunk++);
                    byOne = one.requests(PATH).size() > ones;
                    byTwo = two.requests(PATH).size() > twos;
                }
                double before = edge.metric(WON);
                (byOne ? one : two).onRanged(PATH).always(new Fault.AcceptAndStall());

                first(edge, id, chunk);
                assertEquals(before + 1, edge.metric(WON));
            }
        }
    }

    /** The first byte of a chunk. */
    private static void first(Edge edge, String id, long chunk) throws Exception {
        assertPart(OBJECT, chunk * CHUNK, chunk * CHUNK, edge.part(id, chunk * CHUNK, chunk * CHUNK));
    }
}
