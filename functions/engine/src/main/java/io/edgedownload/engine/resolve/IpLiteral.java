package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** An address in text, as inet_pton(3) reads it. Nothing is looked up. */
final class IpLiteral {
    /** 10.1 and 010.0.0.1 are addresses too, but not the same to everybody. */
    private static final Pattern IPV4 = Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");

    private IpLiteral() {}

    /** @throws IllegalArgumentException when it is anything but four decimal numbers or an IPv6 address */
    static InetAddress parse(String text) {
        if (text.indexOf(':') < 0 && !IPV4.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address");
        }
        return InetAddress.ofLiteral(text);
    }
}
