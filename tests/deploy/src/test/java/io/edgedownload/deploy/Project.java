package io.edgedownload.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of this project. */
final class Project {
    /** A row of the table of settings begins with its key, or with several. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`(?:edge|coordinator|guard)\\.[^|]+`) \\|");

    private static final Pattern KEY = Pattern.compile("`((?:edge|coordinator|guard)\\.[^`]+)`");

    private Project() {}

    /** From the folder of this module, in which its tests run. */
    static Path file(String path) {
        return Path.of("../..").resolve(path).normalize();
    }

    static String text(String path) throws IOException {
        return Files.readString(file(path));
    }

    /** The names in the environment of all settings, a key of a map as {@code _ID_} or {@code _DOMAIN_}. */
    static Set<String> environmentNames() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher rows = ROW.matcher(text("docs/configuration.md") + text("docs/fleet.md") + text("docs/node-guard.md"));
        while (rows.find()) {
            Matcher keys = KEY.matcher(rows.group(1));
            while (keys.find()) {
                names.add(keys.group(1).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
            }
        }
        return names;
    }
}
