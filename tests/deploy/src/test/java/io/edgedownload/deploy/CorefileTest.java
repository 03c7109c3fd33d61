package io.edgedownload.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Corefile says what its documentation says, in words that CoreDNS has. */
final class CorefileTest {
    /** The plugins in use and their properties, with the number of arguments of each: from CoreDNS' manual, 1.12. */
    private static final Map<String, String> GRAMMAR = Map.ofEntries(
            Map.entry("errors", ""),
            Map.entry("cache", ""),
            Map.entry("cache/success", "[0-9]+( [0-9]+( [0-9]+)?)?"),
            Map.entry("cache/denial", "[0-9]+( [0-9]+( [0-9]+)?)?"),
            Map.entry("cache/prefetch", "[0-9]+( [0-9]+[smh]( [0-9]+%)?)?"),
            Map.entry("cache/serve_stale", "([0-9]+[smh]( (immediate|verify))?)?"),
            Map.entry("forward", "\\S+( \\S+)+"),
            Map.entry("forward/force_tcp", ""),
            Map.entry("forward/max_concurrent", "[0-9]+"),
            Map.entry("forward/max_fails", "[0-9]+"),
            Map.entry("forward/health_check", "[0-9]+m?s"),
            Map.entry("forward/expire", "[0-9]+[smh]"),
            Map.entry("health", ":[0-9]+"),
            Map.entry("health/lameduck", "[0-9]+[smh]"),
            Map.entry("ready", ":[0-9]+"),
            Map.entry("loop", ""),
            Map.entry("loadbalance", ""),
            Map.entry("reload", ""),
            Map.entry("prometheus", ":[0-9]+"));

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    @Test
    void everyLineIsOneThatCoreDnsTakes() throws IOException {
        for (Corefile.Entry server : corefile().servers()) {
            assertTrue(server.words().stream().allMatch(zone -> zone.matches("[a-z0-9.-]+:53")), server::line);
            Set<String> plugins = new HashSet<>();
            for (Corefile.Entry plugin : server.inner()) {
                assertTrue(plugins.add(plugin.words().getFirst()), () -> plugin.line() + " stands twice");
                assertIsKnown(plugin, "");
                plugin.inner()
                        .forEach(property ->
                                assertIsKnown(property, plugin.words().getFirst() + "/"));
            }
        }
    }

    private static void assertIsKnown(Corefile.Entry entry, String where) {
        String arguments =
                String.join(" ", entry.words().subList(1, entry.words().size()));
        String grammar = GRAMMAR.get(where + entry.words().getFirst());
        assertTrue(grammar != null && arguments.matches(grammar), () -> "not of CoreDNS: " + where + entry.line());
    }

    @Test
    void answersAndDenialsAreKeptAsLongAsTheyShouldBe() throws IOException {
        for (Corefile.Entry server : corefile().servers()) {
            List<String> kept = named(server, "cache").inner().stream()
                    .map(Corefile.Entry::line)
                    .toList();
            assertTrue(
                    kept.containsAll(List.of("success 9984 900", "denial 9984 60", "prefetch 2 10s")), kept::toString);
        }
    }

    @Test
    void namesOfTheClusterGoToTheClusterAndAllOthersOutside() throws IOException {
        assertEquals(
                List.of("forward", ".", "10.96.0.10"),
                named(corefile().server("cluster.local:53"), "forward").words());
        assertEquals(
                List.of("forward", ".", "/etc/resolv.conf"),
                named(corefile().server(".:53"), "forward").words());
    }

    @Test
    void eachLineIsExplainedAndNothingElseIs() throws IOException {
        Set<String> explained = ROW.matcher(Project.text("infra/coredns/README.md"))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toSet());
        assertEquals(new HashSet<>(corefile().lines()), explained);
    }

    @ParameterizedTest
    @ValueSource(strings = {".:53 {", "}", ".:53 {\n cache { success 1\n}", ".:53 {\n}\n}"})
    void aBraceTooManyOrTooFewIsSeen(String text) {
        assertThrows(IllegalArgumentException.class, () -> Corefile.parse(text));
    }

    private static Corefile.Entry named(Corefile.Entry server, String plugin) {
        return server.inner().stream()
                .filter(each -> each.words().getFirst().equals(plugin))
                .findFirst()
                .orElseThrow();
    }

    private static Corefile corefile() throws IOException {
        return Corefile.parse(Project.text("infra/coredns/Corefile"));
    }
}
