package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StubDomainsTest {
    private static final List<DnsServer> OTHERWISE = List.of(DnsServer.parse("10.0.0.1"));

    private final StubDomains stubs = StubDomains.parse(Map.of(
            "Cluster.Local.", List.of("10.96.0.10", "[fd00::10]:5353"), "svc.cluster.local", List.of("10.96.0.11")));

    @ParameterizedTest
    @CsvSource({
        "cluster.local, cluster.local",
        "a.cluster.local, cluster.local",
        "svc.cluster.local, svc.cluster.local",
        "a.b.svc.cluster.local, svc.cluster.local",
        "xsvc.cluster.local, cluster.local",
        "xcluster.local,",
        "local,",
        "cluster.local.example.com,",
        "redis,",
    })
    void longestDomainOnLabelBoundariesIsTheZone(String name, String zone) {
        assertEquals(Optional.ofNullable(zone), stubs.zoneOf(name));
    }

    @Test
    void namesOfADomainAreAskedOfItsServersAndAllOthersElsewhere() {
        assertEquals(
                List.of(DnsServer.parse("10.96.0.10"), DnsServer.parse("[fd00::10]:5353")),
                stubs.serversFor("a.cluster.local", OTHERWISE));
        assertEquals(OTHERWISE, stubs.serversFor("origin.example.com", OTHERWISE));
        assertEquals(OTHERWISE, StubDomains.parse(Map.of()).serversFor("a.cluster.local", OTHERWISE));
    }

    @ParameterizedTest
    @CsvSource({"cluster.local, dns.example.com", "cluster.local, 10.1", "a..b, 10.0.0.1", "., 10.0.0.1"})
    void refusalNamesTheDomainAndTheValue(String domain, String server) {
        String message = refusal(Map.of(domain, List.of(server)));

        assertTrue(message.contains("\"" + domain + "\""), message);
        assertTrue(!domain.equals("cluster.local") || message.contains("'" + server + "'"), message);
    }

    @Test
    void sameDomainTwiceIsRefused() {
        assertTrue(refusal(Map.of("a.example", List.of("10.0.0.1"), "A.example.", List.of("10.0.0.2")))
                .contains("twice"));
    }

    @Test
    void domainsAndTheirServersAreBounded() {
        Map<String, List<String>> domains = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            domains.put("d" + i + ".example", Collections.nCopies(8, "10.0.0.1"));
        }
        assertEquals(100, StubDomains.parse(domains).servers().size());

        domains.put("one-more.example", List.of("10.0.0.1"));
        assertTrue(refusal(domains).contains("100"));
        assertTrue(
                refusal(Map.of("a.example", Collections.nCopies(9, "10.0.0.1"))).contains("8"));
        assertTrue(refusal(Map.of("a.example", List.of())).contains("1 to 8"));
    }

    private static String refusal(Map<String, List<String>> domains) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> StubDomains.parse(domains))
                .getMessage());
    }
}
