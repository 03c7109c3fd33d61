package io.edgedownload.local.origin;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the sample origin behaves. */
public enum OriginMode {
    /** Correctly. */
    ON,
    /** Its port is closed: connections are refused. */
    OFF,
    /** Correctly, but at about 200 KB/s a connection. */
    SLOW,
    /** Every third request is answered 503, cut with a reset, or ended early, in turn. */
    FLAKY,
    /** Right length and validators, wrong bytes. */
    CORRUPT;

    /** The word for it on the command line and in {@code POST /-/mode?to=}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<OriginMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findAny();
    }

    /** All words, {@code on|off|…}. */
    public static String words() {
        return Arrays.stream(values()).map(OriginMode::word).collect(Collectors.joining("|"));
    }
}
