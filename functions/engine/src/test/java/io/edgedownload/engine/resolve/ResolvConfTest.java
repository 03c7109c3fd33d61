package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResolvConfTest {
    private static List<DnsServer> servers(String... texts) {
        return Stream.of(texts).map(DnsServer::parse).toList();
    }

    @Test
    void fileOfAPodIsRead() {
        ResolvConf conf = ResolvConf.parse("""
                search default.svc.cluster.local svc.cluster.local cluster.local
                nameserver 10.96.0.10
                options ndots:5
                """);

        assertEquals(servers("10.96.0.10"), conf.servers());
        assertEquals(List.of("default.svc.cluster.local", "svc.cluster.local", "cluster.local"), conf.search());
        assertEquals(5, conf.ndots());
        assertEquals(List.of(), conf.ignored());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing", "nameserver dns.example.com", "nameserver"})
    void withoutNameServerThisMachineIsAskedAndDefaultsHold(String text) {
        ResolvConf conf = ResolvConf.parse(text);

        assertEquals(servers("127.0.0.1"), conf.servers());
        assertEquals(List.of(), conf.search());
        assertEquals(1, conf.ndots());
        assertEquals(Duration.ofSeconds(5), conf.timeout());
        assertEquals(2, conf.attempts());
        assertFalse(conf.rotate());
    }

    @Test
    void commentsTabsWindowsLineEndsAndAMissingLastOneAreRead() {
        ResolvConf conf = ResolvConf.parse("; a comment\r\n # another\r\n\tnameserver\t10.0.0.1 # first\r\n"
                + "nameserver  fd00::1;second\r\nsearch\ta\t b\r\noptions rotate");

        assertEquals(servers("10.0.0.1", "fd00::1"), conf.servers());
        assertEquals(List.of("a", "b"), conf.search());
        assertTrue(conf.rotate());
        assertEquals(List.of(), conf.ignored());
    }

    /** One octet of many a UTF-8 letter is a line end to regular expressions when it is read as ISO-8859-1. */
    @Test
    void commentReachesToTheEndOfItsLineWhateverIsInIt() {
        ResolvConf conf = ResolvConf.parse("search a # \u00c3\u0085 b\n# \u00c3\u0085 c");

        assertEquals(List.of("a"), conf.search());
        assertEquals(List.of(), conf.ignored());
    }

    @Test
    void threeNameServersAreTakenAndTheFourthToldOf() {
        ResolvConf conf = ResolvConf.parse("""
                nameserver dns.example.com
                nameserver 10.0.0.1
                nameserver 10.0.0.2
                nameserver 10.0.0.3
                nameserver 10.0.0.4
                """);

        assertEquals(servers("10.0.0.1", "10.0.0.2", "10.0.0.3"), conf.servers());
        assertEquals(2, conf.ignored().size());
        assertTrue(conf.ignored().getFirst().contains("dns.example.com"));
        assertTrue(conf.ignored().getLast().contains("10.0.0.4"));
    }

    @ParameterizedTest
    @CsvSource({
        "'search a b\ndomain c', c",
        "'domain c\nsearch a b', a b",
        "'search a\nsearch b', b",
        "'domain a b', a",
        "'search A.Example. B', a.example b",
        "'search a\nsearch .', ''",
        "'search . a', a",
    })
    void lastOfDomainAndSearchWins(String text, String search) {
        assertEquals(search, String.join(" ", ResolvConf.parse(text).search()));
    }

    @Test
    void thirtyTwoDomainsAreSearchedAndTheRestToldOf() {
        ResolvConf most = ResolvConf.parse("search" + " a".repeat(32));
        ResolvConf more = ResolvConf.parse("search" + " a".repeat(33));

        assertEquals(Collections.nCopies(32, "a"), most.search());
        assertEquals(List.of(), most.ignored());
        assertEquals(Collections.nCopies(32, "a"), more.search());
        assertEquals(1, more.ignored().size());
    }

    @ParameterizedTest
    @CsvSource({
        "options ndots:0, 0, 5, 2",
        "options ndots:15, 15, 5, 2",
        "options ndots:16, 15, 5, 2",
        "options timeout:1, 1, 1, 2",
        "options timeout:0, 1, 1, 2",
        "options timeout:31, 1, 30, 2",
        "options attempts:0, 1, 5, 1",
        "options attempts:9, 1, 5, 5",
        "options ndots: timeout:x attempts:-1, 1, 5, 2",
        "options ndots:99999999999, 1, 5, 2",
        "options edns0 trust-ad single-request ndots:3, 3, 5, 2",
        "'options ndots:3 timeout:2\noptions attempts:4', 3, 2, 4",
        "'options ndots:3\noptions ndots:4', 4, 5, 2",
    })
    void optionsAddUpWithinTheirBounds(String text, int ndots, int timeoutSeconds, int attempts) {
        ResolvConf conf = ResolvConf.parse(text);

        assertEquals(ndots, conf.ndots());
        assertEquals(Duration.ofSeconds(timeoutSeconds), conf.timeout());
        assertEquals(attempts, conf.attempts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nameserver", "nonsense", "nameserver 10.1", "options ndots:x", "options timeout:31"})
    void lineThatIsNotUsedIsToldOf(String text) {
        assertEquals(1, ResolvConf.parse(text).ignored().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"options edns0", "sortlist 10.0.0.0", "options", "search", "domain"})
    void whatOnlyTheCLibraryDoesIsNotToldOf(String text) {
        assertEquals(List.of(), ResolvConf.parse(text).ignored());
    }

    /** A file of nothing but mistakes must not become a log of nothing else. */
    @Test
    void complaintsAreBounded() {
        assertEquals(20, ResolvConf.parse("nonsense\n".repeat(1_000)).ignored().size());
    }
}
