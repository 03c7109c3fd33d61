package io.edgedownload.engine.catalog;

import java.net.URI;
import java.util.Locale;

/**
 * One HTTP origin that holds the object.
 *
 * @param uri absolute, http or https, without user information and fragment; at most 2,048 characters
 * @param validator the state that was there when it was published
 */
public record Source(URI uri, Validator validator) {
    private static final int MAX_URI_CHARACTERS = 2_048;

    public Source {
        uri = checked(uri);
    }

    /**
     * The address, when it can be a source.
     *
     * @throws IllegalArgumentException saying what is wrong with it, without repeating what may be a secret
     */
    public static URI checked(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("a source must be an absolute http or https URL");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw new IllegalArgumentException("a source must name a host");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a source must not carry a user name or password");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a source must not have a fragment");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("a source's port must be between 1 and 65535");
        }
        if (uri.toString().length() > MAX_URI_CHARACTERS) {
            throw new IllegalArgumentException("a source must be at most " + MAX_URI_CHARACTERS + " characters long");
        }
        return uri;
    }
}
