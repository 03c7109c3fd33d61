package io.edgedownload.engine.request;

import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names a download.
 *
 * @param value 1–200 of {@code A-Z a-z 0-9 . _ - ~ /}, without empty segments and the segments {@code .} and {@code ..}
 */
public record DownloadId(String value) {
    private static final int MAX_CHARACTERS = 200;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException saying which rule the value breaks
     */
    public DownloadId {
        String broken = brokenRule(value);
        if (broken != null) {
            throw new IllegalArgumentException(broken);
        }
    }

    /**
     * The id in a request's path.
     *
     * @param rawPath what follows {@code /download/}, percent-encoded as it came
     */
    public static Optional<DownloadId> fromRawPath(String rawPath) {
        // Each escape stands for one character of the id: a longer path cannot be one.
        if (rawPath.length() > 3 * MAX_CHARACTERS) {
            return Optional.empty();
        }
        String decoded = decoded(rawPath);
        return decoded == null || brokenRule(decoded) != null ? Optional.empty() : Optional.of(new DownloadId(decoded));
    }

    private static @Nullable String brokenRule(String value) {
        if (value.isEmpty() || value.length() > MAX_CHARACTERS) {
            return "an id must be 1 to " + MAX_CHARACTERS + " characters long, not " + value.length();
        }
        for (int at = 0; at < value.length(); at++) {
            if (!isAllowed(value.charAt(at))) {
                return "an id is made of A-Z a-z 0-9 . _ - ~ /; character %d is U+%04X"
                        .formatted(at + 1, (int) value.charAt(at));
            }
        }
        for (String segment : value.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "an id must not have empty segments, nor the segments . and ..";
            }
        }
        return null;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-~/".indexOf(c) >= 0;
    }

    /** Percent-decoding (RFC 3986 §2.1), once; null when an escape is cut short or is none. */
    private static @Nullable String decoded(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        StringBuilder decoded = new StringBuilder(raw.length());
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c == '%') {
                if (at + 2 >= raw.length()) {
                    return null;
                }
                // HexFormat knows ASCII digits only, Character.digit those of every script.
                if (!HexFormat.isHexDigit(raw.charAt(at + 1)) || !HexFormat.isHexDigit(raw.charAt(at + 2))) {
                    return null;
                }
                // Above US-ASCII it becomes a character that no id may have, which is right.
                c = (char) HexFormat.fromHexDigits(raw, at + 1, at + 3);
                at += 2;
            }
            decoded.append(c);
        }
        return decoded.toString();
    }
}
