package io.edgedownload.engine.resolve;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which absolute names a host can mean, after resolver(5). */
final class SearchNames {
    /** RFC 1035 §2.3.4 in text, without the dot at the end. */
    static final int MAX_CHARACTERS = 253;

    private SearchNames() {}

    /**
     * In the order in which to try them, in lower case, without the dot at the end. A name that ends in a dot is absolute; one
     * with {@code ndots} dots or more is tried as it is first, any other last.
     */
    static List<String> candidates(String host, List<String> search, int ndots) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            return within(List.of(name.substring(0, name.length() - 1)));
        }
        if (search.isEmpty()) {
            return within(List.of(name));
        }
        boolean asItIsFirst = name.chars().filter(character -> character == '.').count() >= ndots;
        Set<String> names = new LinkedHashSet<>();
        if (asItIsFirst) {
            names.add(name);
        }
        search.forEach(domain -> names.add(name + "." + domain));
        names.add(name);
        return within(new ArrayList<>(names));
    }

    private static List<String> within(List<String> names) {
        return names.stream()
                .filter(name -> !name.isEmpty() && name.length() <= MAX_CHARACTERS)
                .toList();
    }
}
