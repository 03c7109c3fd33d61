package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only 127.0.0.1 is allowed. A victim listens on 127.0.0.2, and no spelling of its address may reach it. */
class SourceSafetyTest {

    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(47, 10_000);

    private static Edge edge;

    private FaultOrigin allowed;
    private FaultOrigin victim;

    @BeforeAll
    static void startEdge() throws Exception {
        edge = Edge.start("safety", Map.of("edge.sources.allow", "127.0.0.1/32"));
    }

    @AfterAll
    static void stopEdge() {
        edge.close();
    }

    @BeforeEach
    void start() throws IOException {
        allowed = FaultOrigin.start().serve(PATH, OBJECT);
        victim = FaultOrigin.startOn("127.0.0.2").serve(PATH, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        allowed.close();
        victim.close();
    }

    @Test
    void theAllowedAddressIsServed() throws Exception {
        assertWhole(OBJECT, edge.get(edge.publish(Publication.of(allowed.uri(PATH)))));
    }

    /** Every reading of these is the victim or an address that is not public: no test leaves this machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.2",
                "2130706434",
                "0x7f000002",
                "0x7f.0.0.2",
                "0127.0.0.2",
                "127.0.0.02",
                "127.0.0.0x2",
                "127.2",
                "127.0.2",
                "127.0.0.2.",
                "[::ffff:127.0.0.2]",
                "[::ffff:7f00:2]",
                "[::127.0.0.2]",
                "[64:ff9b::7f00:2]",
                "[2002:7f00:2::1]"
            })
    void noSpellingReachesTheVictim(String host) throws Exception {
        assertRefused("http://%s:%d%s".formatted(host, victim.port(), PATH));
        assertEquals(0, victim.connections());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://192.168.0.1/",
                "http://100.64.0.1/",
                "http://0.0.0.0/",
                "http://[::1]/",
                "http://[::]/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://[ff02::1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://255.255.255.255/",
                "http://224.0.0.1/"
            })
    void addressesThatAreNotPublicAreRefused(String source) throws Exception {
        assertRefused(source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://127.0.0.1/object",
                "gopher://127.0.0.1/",
                "jar:http://127.0.0.1!/x",
                "//127.0.0.1/object",
                "/object",
                "http:///object",
                "http://user:secret@127.0.0.1/object",
                "http://127.0.0.1 /",
                "",
            })
    void sourcesThatAreNoHttpAddressAreBadRequests(String source) throws Exception {
        assertProblem(400, Set.of("bad-request"), edge.publish(Edge.newId(), Publication.ofSpelling(source)));
    }

    @Test
    void aRedirectToTheVictimIsNotFollowedByPublish() throws Exception {
        allowed.on("/trap").always(new Fault.RedirectTo(victim.uri(PATH).toString()));
        assertRefused(allowed.uri("/trap").toString());
        assertEquals(0, victim.connections());
    }

    @Test
    void aRedirectToTheVictimIsNotFollowedByADownload() throws Exception {
        var id = edge.publish(Publication.of(allowed.uri(PATH)));
        allowed.on(PATH).always(new Fault.RedirectTo(victim.uri(PATH).toString()));
        assertProblem(502, Set.of("source-refused"), edge.get(id));
        assertEquals(0, victim.connections());
    }

    @Test
    void theRefusalDoesNotTellTheClientAnAddress() throws Exception {
        var id = edge.publish(Publication.of(allowed.uri(PATH)));
        allowed.on(PATH).always(new Fault.RedirectTo(victim.uri(PATH).toString()));
        var text = edge.get(id).text();
        assertFalse(text.contains("127.0.0"), text);
        assertFalse(text.contains(Integer.toString(allowed.port())), text);
    }

    /** An error of the publisher, which leaves nothing published; some spellings are no address at all. */
    private static void assertRefused(String source) throws IOException {
        var id = Edge.newId();
        var answer = edge.publish(id, Publication.ofSpelling(source));
        if (answer.status() == 400) {
            assertProblem(400, Set.of("bad-request"), answer);
        } else {
            assertProblem(409, Set.of("source-unusable"), answer);
            var said = answer.text();
            assertTrue(said.contains("not public") || said.contains("has no address"), said);
        }
        assertEquals(404, edge.get(id).status());
    }
}
