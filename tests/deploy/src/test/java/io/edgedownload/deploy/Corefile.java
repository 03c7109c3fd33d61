package io.edgedownload.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A Corefile as CoreDNS' manual defines it: server blocks of one or more zones, plugins in them, and properties of plugins in a further pair
 * of braces; {@code #} begins a comment.
 */
record Corefile(List<Entry> servers) {
    /** @param words zones, or a plugin or property with its arguments */
    record Entry(List<String> words, List<Entry> inner) {
        String line() {
            return String.join(" ", words);
        }
    }

    static Corefile parse(String text) {
        Deque<Entry> open = new ArrayDeque<>();
        open.push(new Entry(List.of(), new ArrayList<>()));
        int number = 0;
        for (String each : text.split("\n", -1)) {
            number++;
            String line = each.replaceFirst("(^|\\s)#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            if (line.equals("}")) {
                if (open.size() == 1) {
                    throw new IllegalArgumentException("line " + number + " closes what was never opened");
                }
                open.pop();
                continue;
            }
            boolean opens = line.endsWith(" {");
            List<String> words = List.of((opens ? line.substring(0, line.length() - 2) : line).split("\\s+", -1));
            if (words.stream().anyMatch(word -> word.contains("{") || word.contains("}"))) {
                throw new IllegalArgumentException("line " + number + " has a brace in its middle");
            }
            Entry entry = new Entry(words, new ArrayList<>());
            open.element().inner().add(entry);
            if (opens) {
                open.push(entry);
            }
        }
        if (open.size() > 1) {
            throw new IllegalArgumentException("not closed: " + open.element().line());
        }
        return new Corefile(open.element().inner());
    }

    /** The server block that has this zone. */
    Entry server(String zone) {
        return servers.stream()
                .filter(server -> server.words().contains(zone))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no server block has " + zone));
    }

    /** Every line but braces and comments, in their order. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        collect(servers, lines);
        return lines;
    }

    private static void collect(List<Entry> entries, List<String> lines) {
        for (Entry entry : entries) {
            lines.add(entry.line());
            collect(entry.inner(), lines);
        }
    }
}
