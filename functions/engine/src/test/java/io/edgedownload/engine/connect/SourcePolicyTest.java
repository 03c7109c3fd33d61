package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** First and last address of each special block (RFC 6890 and the IANA registries), and the neighbours outside. */
final class SourcePolicyTest {
    private final SourcePolicy strict = new SourcePolicy(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.255",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.255",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::c0a8:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:a9fe:a9fe::1",
                "2620:4f:8000::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fdff:ffff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1"
            })
    void refusesAddressesThatAreNotPublic(String literal) {
        assertFalse(strict.allows("origin.example", InetAddress.ofLiteral(literal)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "203.0.114.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2001:db9::1",
                "2606:4700::1111",
                "2a00:1450::1",
                "3ffe:ffff::1"
            })
    void allowsPublicAddresses(String literal) {
        assertTrue(strict.allows("origin.example", InetAddress.ofLiteral(literal)));
    }

    /** What a host is written as does not matter: the address that it stands for is judged. */
    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "127.1", "127.0.1"})
    void refusesOtherSpellingsOfLoopback(String host) throws UnknownHostException {
        for (InetAddress address : InetAddress.getAllByName(host)) {
            assertFalse(strict.allows(host, address));
        }
    }

    @Test
    void anAddressInIpv6FormIsTheIpv4AddressThatItMaps() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 10;
        assertFalse(strict.allows("origin.example", InetAddress.getByAddress(mapped)));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.2.128/25, 10.1.2.127, false",
        "10.1.2.128/25, 10.1.2.200, true",
        "10.1.2.99/24, 10.1.2.1, true",
        "0.0.0.0/0, 127.0.0.1, true",
        "0.0.0.0/0, ::1, false",
        "::1, ::1, true",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fc00::1, false",
        "127.0.0.0/8, ::ffff:127.0.0.1, true",
        "internal.example, 10.0.0.1, true",
        "INTERNAL.Example, 10.0.0.1, true",
        "' internal.example ', 10.0.0.1, true",
        "other.example, 10.0.0.1, false",
        "example, 10.0.0.1, false"
    })
    void allowsWhatTheOperatorLists(String entry, String literal, boolean allowed) {
        SourcePolicy policy = new SourcePolicy(List.of(entry));
        assertEquals(allowed, policy.allows("internal.example", InetAddress.ofLiteral(literal)));
    }

    @Test
    void hostsAreComparedWithoutCase() {
        SourcePolicy policy = new SourcePolicy(List.of("internal.example"));
        assertTrue(policy.allows("Internal.EXAMPLE", InetAddress.ofLiteral("10.0.0.1")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/33, is not an address or network",
        "10.0.0/8, is not an address or network",
        "10.0.0.0/99999999999, is not an address or network",
        "10.1/16, is not an address or network",
        "2130706433, is not an address or network",
        "256.0.0.1, is not an address or network",
        "fd00::/129, is not an address or network",
        "fd00::/x, is not an address or network",
        "http://internal.example, is not an address or network",
        "internal example, is neither a host name nor a network",
        "'', is neither a host name nor a network",
        "*.example, is neither a host name nor a network",
        "internal.example/8, is neither a host name nor a network"
    })
    void namesAnEntryThatIsNothing(String entry, String complaint) {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> new SourcePolicy(List.of("10.0.0.1", entry)));
        assertTrue(
                String.valueOf(thrown.getMessage()).startsWith("'" + entry + "' " + complaint),
                () -> String.valueOf(thrown.getMessage()));
    }
}
