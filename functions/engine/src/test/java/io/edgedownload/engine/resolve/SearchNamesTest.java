package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.resolve.SearchNames.Candidate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SearchNamesTest {
    private static final StubDomains STUBS = StubDomains.parse(Map.of("corp.example", List.of("192.0.2.53")));

    @ParameterizedTest(name = "{0} in [{1}] with ndots {2}")
    @CsvSource({
        // dnsPolicy ClusterFirst
        "redis, default.svc.cluster.local svc.cluster.local cluster.local, 5,"
                + " redis.default.svc.cluster.local redis.svc.cluster.local redis.cluster.local redis",
        // A name within a searched domain is whole already
        "redis.default.svc.cluster.local, default.svc.cluster.local svc.cluster.local cluster.local, 5,"
                + " redis.default.svc.cluster.local redis.default.svc.cluster.local.default.svc.cluster.local"
                + " redis.default.svc.cluster.local.svc.cluster.local redis.default.svc.cluster.local.cluster.local",
        "cluster.local, default.svc.cluster.local svc.cluster.local cluster.local, 5,"
                + " cluster.local.default.svc.cluster.local cluster.local.svc.cluster.local cluster.local.cluster.local"
                + " cluster.local",
        "notcluster.local, cluster.local, 5, notcluster.local.cluster.local notcluster.local",
        // And so is one within a stub domain
        "a.corp.example, x, 5, a.corp.example a.corp.example.x",
        "corp.example, x, 5, corp.example corp.example.x",
        "redis.default, default.svc.cluster.local svc.cluster.local cluster.local, 5,"
                + " redis.default.default.svc.cluster.local redis.default.svc.cluster.local redis.default.cluster.local"
                + " redis.default",
        "origin.example.com, default.svc.cluster.local svc.cluster.local cluster.local, 5,"
                + " origin.example.com.default.svc.cluster.local origin.example.com.svc.cluster.local"
                + " origin.example.com.cluster.local origin.example.com",
        "origin.example.com., default.svc.cluster.local svc.cluster.local cluster.local, 5, origin.example.com",
        // dnsPolicy Default: as on the node
        "redis, eu.example.net, 1, redis.eu.example.net redis",
        "redis.default, eu.example.net, 1, redis.default redis.default.eu.example.net",
        "origin.example.com, eu.example.net, 1, origin.example.com origin.example.com.eu.example.net",
        "origin.example.com., eu.example.net, 1, origin.example.com",
        // dnsPolicy None: as dnsConfig has it
        "redis, '', 2, redis",
        "redis, my.dns.search, 2, redis.my.dns.search redis",
        "redis.default, my.dns.search, 2, redis.default.my.dns.search redis.default",
        "origin.example.com, my.dns.search, 2, origin.example.com origin.example.com.my.dns.search",
        "origin.example.com., my.dns.search, 2, origin.example.com",
        // On the edges
        "redis, a, 0, redis redis.a",
        "a.b.c.d.e, x, 5, a.b.c.d.e.x a.b.c.d.e",
        "a.b.c.d.e.f, x, 5, a.b.c.d.e.f a.b.c.d.e.f.x",
        "REDIS, x x, 1, redis.x redis",
        "., x, 1, ''",
    })
    void namesAreTriedInTheOrderOfTheResolver(String host, String search, int ndots, String names) {
        assertEquals(words(names), names(host, words(search), ndots));
    }

    @Test
    void nameTooLongToAskIsLeftOut() {
        String label = "a".repeat(49);
        String longest = String.join(".", label, label, label, label, label) + ".aaa";

        assertEquals(253, longest.length());
        assertEquals(List.of(longest), names(longest, List.of("x"), 9));
        assertEquals(List.of(), names(longest + "a", List.of("x"), 1));
    }

    @Test
    void onlyWhatTheSearchListMadeIsMarkedAsSuch() {
        assertEquals(
                List.of(new Candidate("redis.x", true), new Candidate("redis", false)),
                SearchNames.candidates("redis", conf(List.of("x"), 1), STUBS));
        assertEquals(
                List.of(new Candidate("redis", false)), SearchNames.candidates("redis.", conf(List.of("x"), 1), STUBS));
    }

    private static List<String> names(String host, List<String> search, int ndots) {
        return SearchNames.candidates(host, conf(search, ndots), STUBS).stream()
                .map(Candidate::name)
                .toList();
    }

    private static ResolvConf conf(List<String> search, int ndots) {
        return new ResolvConf(List.of(), search, ndots, Duration.ofSeconds(5), 2, false, List.of());
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
