package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostsFileTest {
    private static final HostsFile HOSTS = HostsFile.parse("""
            # 10.0.0.9 commented
            10.0.0.1\torigin.example.com Origin  # alias
            fd00::1 origin.example.com
            10.0.0.2 origin.example.com.
            10.0.0.1 origin.example.com
            10.0.0.3
            not-an-address broken
            10.1 short
            010.0.0.1 octal
            """);

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(InetAddress::ofLiteral).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin.example.com", "ORIGIN.Example.COM", "origin.example.com."})
    void allLinesOfANameCountInTheirOrder(String host) {
        assertEquals(addresses("10.0.0.1", "fd00::1", "10.0.0.2"), HOSTS.addresses(host));
    }

    @Test
    void everyNameOfALineHasItsAddress() {
        assertEquals(addresses("10.0.0.1"), HOSTS.addresses("origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"commented", "#", "alias", "broken", "short", "octal", "10.0.0.3", "other", ""})
    void whatTheFileDoesNotSayHasNoAddress(String host) {
        assertEquals(List.of(), HOSTS.addresses(host));
    }

    @Test
    void windowsLineEndsAndAMissingLastOneAreRead() {
        HostsFile hosts = HostsFile.parse("10.0.0.1 a\r\n10.0.0.2 b");

        assertEquals(addresses("10.0.0.1"), hosts.addresses("a"));
        assertEquals(addresses("10.0.0.2"), hosts.addresses("b"));
    }

    /** One octet of many a UTF-8 letter is a line end to regular expressions when it is read as ISO-8859-1. */
    @Test
    void commentReachesToTheEndOfItsLineWhateverIsInIt() {
        HostsFile hosts = HostsFile.parse("10.0.0.1 a # \u00c3\u0085 b\n");

        assertEquals(List.of(), hosts.addresses("b"));
        assertEquals(List.of(), hosts.addresses("\u0085"));
        assertEquals(addresses("10.0.0.1"), hosts.addresses("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST.", "a.localhost", "a.b.localhost."})
    void localhostIsThisMachineWhateverTheFileSays(String host) {
        List<InetAddress> loopback = addresses("127.0.0.1", "::1");

        assertEquals(loopback, HostsFile.parse("").addresses(host));
        assertEquals(
                loopback,
                HostsFile.parse("10.0.0.1 localhost a.localhost a.b.localhost").addresses(host));
    }

    @Test
    void loopbackAddressesOfTheFileAreTaken() {
        HostsFile hosts = HostsFile.parse("10.0.0.1 localhost\n127.0.0.2 localhost");

        assertEquals(addresses("127.0.0.2"), hosts.addresses("localhost"));
    }

    @Test
    void nameThatOnlyEndsLikeLocalhostIsNotLocal() {
        assertEquals(List.of(), HostsFile.parse("").addresses("notlocalhost"));
    }
}
