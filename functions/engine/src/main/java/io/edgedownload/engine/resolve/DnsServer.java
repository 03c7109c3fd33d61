package io.edgedownload.engine.resolve;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A name server. It is given by its address, for there is nobody to ask for its name. */
public record DnsServer(InetSocketAddress address) {
    private static final int PORT = 53;
    private static final int MAX_PORT = 65_535;
    private static final Pattern BRACKETS = Pattern.compile("\\[([^\\]]*:[^\\]]*)](?::([0-9]{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("([0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+)(?::([0-9]{1,5}))?");

    /**
     * Reads {@code 10.0.0.1}, {@code 10.0.0.1:5353}, {@code fd00::1} and {@code [fd00::1]:5353}; the port is 53 when there
     * is none.
     *
     * @throws IllegalArgumentException saying what is wrong and what would be right
     */
    public static DnsServer parse(String text) {
        String trimmed = text.trim();
        Matcher brackets = BRACKETS.matcher(trimmed);
        if (brackets.matches()) {
            return of(trimmed, brackets.group(1), brackets.group(2));
        }
        Matcher ipv4 = IPV4.matcher(trimmed);
        if (ipv4.matches()) {
            return of(trimmed, ipv4.group(1), ipv4.group(2));
        }
        if (trimmed.indexOf(':') >= 0) {
            return of(trimmed, trimmed, null);
        }
        throw wrong(trimmed);
    }

    private static DnsServer of(String text, String address, @Nullable String port) {
        int number = port == null ? PORT : Integer.parseInt(port);
        if (number < 1 || number > MAX_PORT) {
            throw wrong(text);
        }
        try {
            return new DnsServer(new InetSocketAddress(IpLiteral.parse(address), number));
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text
                + "' is not a name server: give an address, with a port unless it is 53, such as 10.96.0.10,"
                + " 10.96.0.10:5353 or [fd00::10]:5353");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String host = address.getAddress().getHostAddress();
        if (address.getPort() == PORT) {
            return host;
        }
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
