package io.edgedownload.engine.connect;

import java.net.URI;
import java.util.Locale;

/**
 * What connections are kept for: scheme, host and port (RFC 6454 §4).
 *
 * @param secure whether the scheme is https
 * @param host lower case, a name or an address literal, IPv6 without brackets
 * @param port 1–65535
 */
public record Origin(boolean secure, String host, int port) {
    /** The origin of an absolute http or https URI. */
    public static Origin of(URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return new Origin(secure, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
