package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertWhole;
import static io.edgedownload.faults.Expect.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.FreePort;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.SelfSignedKey;
import io.edgedownload.fixtures.Sha256;
import io.edgedownload.fixtures.client.BodyClient;
import io.edgedownload.fixtures.client.CurlClient;
import io.edgedownload.fixtures.client.JdkClient;
import io.edgedownload.fixtures.client.NettyClient;
import io.edgedownload.fixtures.client.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every byte of a body, by every client over every transport: from memory, from disk, from both in turn, as it is fetched, and by
 * turns of a limit. A body that cannot be completed is whole to no client.
 */
class TransportTest {
    private static final String PATH = "/object";
    private static final int CHUNK_BYTES = 512 << 10;
    private static final int CHUNKS = 12;
    private static final HostedObject OBJECT = HostedObject.random(150, (CHUNKS - 1) * CHUNK_BYTES + 4_321);
    private static final int TIMES = 2;

    private static FaultOrigin origin;
    private static SelfSignedKey key;
    private static Path folder;
    private static List<BodyClient> clients;

    /** An edge that listens with and without TLS. */
    private record Listening(Edge edge, int tlsPort) implements AutoCloseable {
        static Listening start(Map<String, String> settings) throws IOException, InterruptedException {
            int tlsPort = FreePort.next();
            var all = new HashMap<>(Map.of(
                    "quarkus.http.ssl-port",
                    Integer.toString(tlsPort),
                    "quarkus.http.ssl.certificate.key-store-file",
                    key.store().toString(),
                    "quarkus.http.ssl.certificate.key-store-password",
                    SelfSignedKey.PASSWORD,
                    "edge.deadline.total",
                    "120s"));
            all.putAll(settings);
            return new Listening(Edge.start("transport", all), tlsPort);
        }

        URI uri(String id, Transport transport) {
            return transport.isTls() ? URI.create("https://127.0.0.1:" + tlsPort + "/download/" + id) : edge.uri(id);
        }

        @Override
        public void close() {
            edge.close();
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        folder = directory;
        key = SelfSignedKey.make(directory);
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        clients = List.of(new JdkClient(key.client()), new CurlClient(directory), new NettyClient());
    }

    @AfterAll
    static void stop() throws Exception {
        clients.forEach(BodyClient::close);
        origin.close();
    }

    @Test
    void fromMemory() throws Exception {
        try (var listening = Listening.start(Map.of())) {
            var id = fetched(listening);
            compare(listening, id, () -> {});
            assertTrue(listening.edge().metric("edge_cache_hits_total{tier=\"memory\"}") >= CHUNKS);
        }
    }

    @Test
    void fromDisk() throws Exception {
        try (var listening = Listening.start(disk("disk", "0"))) {
            var id = fetched(listening);
            await("they are never written", () -> listening.edge().metric("edge_cache_ssd_written_total") >= CHUNKS);
            compare(listening, id, () -> {});
            assertEquals(0, listening.edge().metric("edge_cache_hits_total{tier=\"memory\"}"));
        }
    }

    @Test
    void fromMemoryAndDiskInTurn() throws Exception {
        try (var listening = Listening.start(disk("mixed", "2M"))) {
            var id = fetched(listening);
            await("they are never written", () -> listening.edge().metric("edge_cache_ssd_written_total") >= CHUNKS);
            compare(listening, id, () -> {});
            assertTrue(listening.edge().metric("edge_cache_hits_total{tier=\"memory\"}") > 0);
            assertTrue(listening.edge().metric("edge_cache_hits_total{tier=\"ssd\"}") > 0);
        }
    }

    @Test
    void asItIsFetched() throws Exception {
        try (var listening = Listening.start(Map.of())) {
            var id = fetched(listening);
            compare(
                    listening,
                    id,
                    () -> assertEquals(204, listening.edge().call("evict", id).status()));
        }
    }

    @Test
    void byTurnsOfALimit() throws Exception {
        var settings = new HashMap<>(disk("paced", "2M"));
        var counters = Files.writeString(folder.resolve("snmp"), "Tcp: CurrEstab OutSegs RetransSegs\nTcp: 6000 0 0\n");
        settings.put("edge.guard.snmp", counters.toString());
        settings.put("edge.guard.interval", "100ms");
        settings.put("edge.guard.egress-max", "400M");
        try (var listening = Listening.start(settings)) {
            var id = fetched(listening);
            await("the limit is never entered", () -> listening.edge().metric("edge_guard_limit_bytes_per_second") > 0);
            compare(listening, id, () -> {});
            assertTrue(listening.edge().metric("edge_guard_paced_bytes_total") > OBJECT.lengthBytes());
        }
    }

    /** The first chunk comes, and the others do not: the head has promised them by then. */
    @Test
    void whatCannotBeCompletedIsWholeToNobody() throws Exception {
        try (var listening = Listening.start(Map.of())) {
            for (var client : clients) {
                for (var transport : client.transports()) {
                    breaksOff(listening, client, transport);
                }
            }
        }
    }

    private static void breaksOff(Listening listening, BodyClient client, Transport transport) throws Exception {
        try (var failing = FaultOrigin.start().serve(PATH, OBJECT)) {
            var id = listening.edge().publish(Publication.of(failing.uri(PATH)).withChunkSize(CHUNK_BYTES));
            assertEquals(206, listening.edge().part(id, 0, 0).status());
            failing.refuseConnections();
            var got = client.get(listening.uri(id, transport), transport, Map.of());
            assertFalse(got.whole(), () -> name(client, transport) + ": " + got);
            assertTrue(got.body().length <= CHUNK_BYTES, got::toString);
        }
    }

    private static Map<String, String> disk(String name, String memory) {
        return Map.of(
                "edge.cache.memory.max-size",
                memory,
                "edge.cache.ssd.directory",
                folder.resolve(name).toString(),
                "edge.cache.ssd.min-free",
                "0");
    }

    private static String fetched(Listening listening) throws IOException {
        var id = listening.edge().publish(Publication.of(origin.uri(PATH)).withChunkSize(CHUNK_BYTES));
        assertWhole(OBJECT, listening.edge().get(id));
        return id;
    }

    private interface Preparation {
        void prepare() throws IOException;
    }

    private static void compare(Listening listening, String id, Preparation preparation) throws Exception {
        var expected = Sha256.hex(OBJECT.bytes());
        for (var client : clients) {
            for (var transport : client.transports()) {
                for (int time = 0; time < TIMES; time++) {
                    preparation.prepare();
                    var got = client.get(listening.uri(id, transport), transport, Map.of());
                    assertTrue(got.whole(), () -> name(client, transport) + ": " + got);
                    assertEquals(200, got.status());
                    assertEquals(expected, Sha256.hex(got.body()), () -> name(client, transport) + ": " + got);
                }
            }
        }
    }

    private static String name(BodyClient client, Transport transport) {
        return client.getClass().getSimpleName() + " over " + transport;
    }
}
