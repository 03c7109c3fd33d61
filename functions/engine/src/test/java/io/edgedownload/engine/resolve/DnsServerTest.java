package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsServerTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, 53",
        "' 10.0.0.1 ', 10.0.0.1, 53",
        "10.0.0.1:5353, 10.0.0.1, 5353",
        "10.0.0.1:1, 10.0.0.1, 1",
        "10.0.0.1:65535, 10.0.0.1, 65535",
        "fd00::1, fd00::1, 53",
        "[fd00::1], fd00::1, 53",
        "[fd00::1]:5353, fd00::1, 5353",
    })
    void addressIsReadWithAndWithoutPort(String text, String address, int port) {
        DnsServer server = DnsServer.parse(text);

        assertEquals(InetAddress.ofLiteral(address), server.address().getAddress());
        assertEquals(port, server.address().getPort());
        assertEquals(server, DnsServer.parse(server.toString()));
    }

    /** A scope by number names no interface, so that it reads the same on every machine. */
    @Test
    void scopeOfALinkLocalAddressIsKept() {
        DnsServer server = DnsServer.parse("[fe80::1%1]:5353");

        assertEquals(server, DnsServer.parse(server.toString()));
        assertTrue(server.toString().contains("%1"), server.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "dns.example.com",
                "dns.example.com:53",
                "localhost",
                "10",
                "10.1",
                "10.0.1",
                "[10]",
                "[10.1]",
                "[10.1]:53",
                "[10.0.0.1]:53",
                "010.0.0.1",
                "10.0.0.010",
                "[010.0.0.1]",
                "0x0a.0.0.1",
                "256.0.0.1",
                "1.2.3.4.5",
                "10.0.0.1.",
                "10.0.0.1:0",
                "10.0.0.1:65536",
                "10.0.0.1:99999999999",
                "10.0.0.1:",
                "10.0.0.1:x",
                "10.0.0.1 53",
                "[fd00::1]:0",
                "[fd00::1]:",
                "[fd00::1",
                "fd00::1]",
                "[]:53",
                "fd00::g",
                "fe80::1%no-such-interface",
            })
    void whatIsNoAddressIsRefusedWithAnExample(String text) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> DnsServer.parse(text))
                .getMessage());

        assertTrue(message.contains("'" + text.trim() + "'"), message);
        assertTrue(message.contains("10.96.0.10:5353"), message);
    }
}
