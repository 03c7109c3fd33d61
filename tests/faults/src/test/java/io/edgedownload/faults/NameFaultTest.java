package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.fixtures.dns.DnsFault;
import io.edgedownload.fixtures.dns.FaultDns;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Whatever the name servers do, a client gets right bytes or an honest error. Names have no TTL, so each fetch asks. */
class NameFaultTest {
    private static final HostedObject OBJECT = HostedObject.random(51, 200_000);
    private static final String PATH = "/object";
    private static final long SECOND_CHUNK = 65_536;

    private static FaultDns first;
    private static FaultDns second;
    private static Edge edge;

    private final String name = "origin-" + UUID.randomUUID() + ".example.test";
    private FaultOrigin origin;

    @BeforeAll
    static void startEdge() throws Exception {
        first = FaultDns.start();
        second = FaultDns.start();
        edge = Edge.start(
                "names",
                Map.of(
                        "edge.dns.servers",
                        "127.0.0.1:%d,127.0.0.1:%d"
                                .formatted(
                                        first.address().getPort(),
                                        second.address().getPort()),
                        "edge.dns.stub-domains.\"nowhere.test\"",
                        "127.0.0.1:9",
                        "edge.connect.timeout",
                        "2s",
                        "edge.fetch.attempt-timeout",
                        "3s"));
    }

    @AfterAll
    static void stopEdge() throws Exception {
        edge.close();
        first.close();
        second.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        has("127.0.0.1");
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
        first.heal();
        second.heal();
    }

    @Test
    void aLostAaaaIsNotMissed() throws Exception {
        first.on(name, Type.AAAA).always(new DnsFault.Drop());
        second.on(name, Type.AAAA).always(new DnsFault.Drop());

        assertWhole(OBJECT, edge.get(published()));
    }

    @Test
    void theSecondServerAnswersForTheFirst() throws Exception {
        first.on(name).always(new DnsFault.Drop());

        assertWhole(OBJECT, edge.get(published()));
    }

    @Test
    void aServerThatFailsSendsTheQuestionOn() throws Exception {
        first.on(name).always(new DnsFault.ResponseCode(Rcode.SERVFAIL));

        assertWhole(OBJECT, edge.get(published()));
    }

    @Test
    void truncatedAnswersAreFetchedByTcp() throws Exception {
        first.on(name).always(new DnsFault.Truncate());
        second.on(name).always(new DnsFault.Truncate());

        assertWhole(OBJECT, edge.get(published()));
    }

    @Test
    void forgedAnswersAreNotBelieved() throws Exception {
        first.on(name).always(new DnsFault.WrongId(DnsFault.Then.TRUTH));
        second.on(name).always(new DnsFault.SpoofedSource(DnsFault.Then.TRUTH));

        assertWhole(OBJECT, edge.get(published()));
    }

    @Test
    void aNameThatIsGoneSendsToTheNextSource() throws Exception {
        String id = edge.publish(Publication.of(uri(), origin.uri(PATH)));
        gone();

        assertPart(OBJECT, 0, 99, "origin", edge.part(id, 0, 99));
    }

    @Test
    void aNameThatIsGoneSendsToS3() throws Exception {
        String id = edge.publish(Publication.of(uri()).withS3(edge.store(OBJECT)));
        gone();

        assertPart(OBJECT, 0, 99, "s3", edge.part(id, 0, 99));
    }

    @Test
    void aNameThatIsGoneIsAnHonestError() throws Exception {
        String id = published();
        gone();

        assertProblem(502, Set.of("origin-name"), edge.get(id));
    }

    @Test
    void whenNobodyAnswersTheOldAddressServes() throws Exception {
        String id = published();
        assertPart(OBJECT, 0, 99, edge.part(id, 0, 99));
        first.on(name).always(new DnsFault.Drop());
        second.on(name).always(new DnsFault.Drop());

        assertPart(OBJECT, SECOND_CHUNK, SECOND_CHUNK + 99, "origin", edge.part(id, SECOND_CHUNK, SECOND_CHUNK + 99));
        RawResponse resolved = edge.call("resolve", id);
        assertTrue(resolved.text().contains("\"answer\":\"stale\""), resolved::text);
        assertTrue(resolved.text().contains("\"ttlSeconds\":"), resolved::text);
    }

    @Test
    void aNameThatMovesInsideIsRefused() throws Exception {
        String id = published();
        has("10.1.2.3");

        assertProblem(502, Set.of("source-refused"), edge.get(id));
    }

    @Test
    void resolveTellsWhoAnsweredAndForHowLong() throws Exception {
        String id = published();
        for (FaultDns dns : Set.of(first, second)) {
            dns.host(name, Duration.ofMinutes(10), "127.0.0.1", "::1");
        }

        String resolved = edge.call("resolve", id).text();

        assertTrue(resolved.contains("\"addresses\":[\"127.0.0.1\",\"0:0:0:0:0:0:0:1\"]"), resolved);
        assertTrue(resolved.contains("\"answer\":\"fresh\""), resolved);
        assertTrue(resolved.contains("\"server\":\"127.0.0.1:"), resolved);
        assertTrue(resolved.matches("(?s).*\"ttlSeconds\":(600|59\\d).*"), resolved);
    }

    @Test
    void resolveTellsOfADenial() throws Exception {
        String id = edge.publish(Publication.of(uri(), origin.uri(PATH)));
        first.soa("example.test", Duration.ofMinutes(10), Duration.ofMinutes(10));
        second.soa("example.test", Duration.ofMinutes(10), Duration.ofMinutes(10));
        gone();

        String resolved = edge.call("resolve", id).text();

        assertTrue(resolved.contains("\"error\":\"the name has no address: NXDOMAIN\""), resolved);
        assertTrue(resolved.contains("\"answer\":\"negative\""), resolved);
    }

    @Test
    void aStubServerThatDoesNotAnswerIsOneLineAtTheStart() throws Exception {
        long lines = edge.log()
                .lines()
                .filter(line ->
                        line.contains("edge.dns.stub-domains.\"nowhere.test\": name server 127.0.0.1:9 does not"))
                .count();

        assertEquals(1, lines, edge.log());
        assertFalse(edge.log().contains("Exception"), edge.log());
    }

    private URI uri() {
        return URI.create("http://%s:%d%s".formatted(name, origin.port(), PATH));
    }

    private String published() throws IOException {
        return edge.publish(Publication.of(uri()));
    }

    private void has(String address) {
        first.host(name, Duration.ZERO, address);
        second.host(name, Duration.ZERO, address);
    }

    private void gone() {
        first.forget(name);
        second.forget(name);
    }
}
