package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SearchNamesTest {
    @ParameterizedTest(name = "{0} in [{1}] with ndots {2}")
    @CsvSource({
        // dnsPolicy ClusterFirst
        "redis, default.svc.cluster.local svc.cluster.local cluster.local, 5,"
                + " redis.default.svc.cluster.local redis.svc.cluster.local redis.cluster.local redis",
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
        assertEquals(words(names), SearchNames.candidates(host, words(search), ndots));
    }

    @Test
    void nameTooLongToAskIsLeftOut() {
        String label = "a".repeat(49);
        String longest = String.join(".", label, label, label, label, label) + ".aaa";

        assertEquals(253, longest.length());
        assertEquals(List.of(longest), SearchNames.candidates(longest, List.of("x"), 9));
        assertEquals(List.of(), SearchNames.candidates(longest + "a", List.of("x"), 1));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
