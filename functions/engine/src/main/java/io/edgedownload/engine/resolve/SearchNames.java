package io.edgedownload.engine.resolve;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which absolute names a host can mean, after resolver(5). */
final class SearchNames {
    /** RFC 1035 §2.3.4 in text, without the dot at the end. */
    static final int MAX_CHARACTERS = 253;

    private SearchNames() {}

    /**
     * A name to ask for.
     *
     * @param name absolute, in lower case, without the dot at its end
     * @param searched whether it was made from the search list; then most likely it does not exist, and that says nothing of
     *     the name that was meant
     */
    record Candidate(String name, boolean searched) {}

    /**
     * In the order in which to try them. A name that ends in a dot is absolute; one with {@code ndots} dots or more is tried as
     * it is first, any other last. So far resolver(5); but a name that lies within a searched domain or a stub domain is whole
     * already, however few its dots, and is tried as it is first too: with a pod's {@code ndots:5} each name of a service would
     * otherwise cost its domain three denials.
     */
    static List<Candidate> candidates(String host, ResolvConf conf, StubDomains stubs) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            return within(Stream.of(new Candidate(name.substring(0, name.length() - 1), false)));
        }
        Candidate asItIs = new Candidate(name, false);
        Stream<Candidate> searched =
                conf.search().stream().distinct().map(domain -> new Candidate(name + "." + domain, true));
        return within(
                asItIsFirst(name, conf, stubs)
                        ? Stream.concat(Stream.of(asItIs), searched)
                        : Stream.concat(searched, Stream.of(asItIs)));
    }

    private static boolean asItIsFirst(String name, ResolvConf conf, StubDomains stubs) {
        return name.chars().filter(character -> character == '.').count() >= conf.ndots()
                || conf.search().stream().anyMatch(domain -> name.endsWith("." + domain))
                || stubs.zoneOf(name).isPresent();
    }

    private static List<Candidate> within(Stream<Candidate> candidates) {
        return candidates
                .filter(candidate ->
                        !candidate.name().isEmpty() && candidate.name().length() <= MAX_CHARACTERS)
                .toList();
    }
}
