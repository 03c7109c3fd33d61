package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.edge.EdgeConfigTest.Configured;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A setting that cannot work stops the start, with a line that says which and what to do. */
final class SettingsTest {
    private static final String SECRET = Base64.getUrlEncoder().encodeToString(new byte[32]);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            edge.functions=download,upload                | edge.functions              | 'upload' is none of
            edge.chunk.default-size=100K                  | edge.chunk.default-size     | must be 64K to 16M, 64K times a power of two
            edge.chunk.default-size=32M                   | edge.chunk.default-size     | must be 64K to 16M
            edge.fill.parallel-chunks=0                   | edge.fill.parallel-chunks   | must be at least 1
            edge.catalog.consul.url=http://u:p@host       | edge.catalog.consul.url     | must not carry a user name or password
            edge.catalog.consul.prefix=/a                 | edge.catalog.consul.prefix  | not begin with /
            edge.catalog.type=s3                          | edge.catalog.s3.bucket      | must be the 3 to 63 characters of the bucket
            edge.catalog.s3.bucket=ab                     | edge.catalog.s3.bucket      | must be the 3 to 63 characters of the bucket
            edge.catalog.s3.prefix=a?                     | edge.catalog.s3.prefix      | must be at most 200 of
            edge.catalog.max-lookups=0                    | edge.catalog.max-lookups    | must be at least 1
            edge.catalog.timeout=0s                       | edge.catalog.timeout        | must be longer than zero
            edge.catalog.freshness=-1s                    | edge.catalog.freshness      | must not be negative
            edge.connect.per-origin=0                     | edge.connect.per-origin     | must be at least 1
            edge.connect.total=0                          | edge.connect.total          | must be at least 1
            edge.connect.waiting=-1                       | edge.connect.waiting        | must be at least 0
            edge.connect.tenant-share=0                   | edge.connect.tenant-share   | must be over 0 and at most 1
            edge.connect.tenant-share=1.5                 | edge.connect.tenant-share   | must be over 0 and at most 1
            edge.connect.probe.timeout=15s                | edge.connect.probe.timeout  | must be shorter than edge.connect.probe.interval
            edge.connect.probe.timeout=0s                 | edge.connect.probe.timeout  | and not zero
            edge.connect.probe.failures=0                 | edge.connect.probe.failures | must be at least 1
            edge.connect.drain-pause=-1s                  | edge.connect.drain-pause    | must not be negative
            edge.deadline.total=0s                        | edge.deadline.total         | must be longer than zero
            edge.deadline.reserve=-1s                     | edge.deadline.reserve       | must not be negative
            edge.deadline.minimum-attempt=-1ms            | edge.deadline.minimum-attempt | and not negative
            edge.deadline.minimum-attempt=300s            | edge.deadline.minimum-attempt | must be shorter than edge.deadline.total
            edge.fetch.progress-window=0s                 | edge.fetch.progress-window  | must be at least 1ms
            edge.tenant.header=X Tenant                   | edge.tenant.header          | must be the name of a field
            edge.sources.quarantine=-1s                   | edge.sources.quarantine     | must not be negative
            edge.breaker.window=1500ms                    | edge.breaker.window         | must be edge.breaker.bucket times a whole number
            edge.breaker.bucket=0s                        | edge.breaker.window         | must be edge.breaker.bucket times a whole number
            edge.breaker.min-success-percent=101          | edge.breaker                | minSuccessPercent is 101, not between 0 and 100
            edge.breaker.probe-timeout=800ms              | edge.breaker                | probeLimit is
            edge.coordinator.url=http://coordinator       | edge.coordinator.url        | with a host and a port
            edge.coordinator.token=a b                    | edge.coordinator.token      | must be printable ASCII
            edge.coordinator.certificate=a.pem            | edge.coordinator.certificate | must be set both or not at all
            edge.coordinator.zone=a b                     | edge.coordinator.zone       | must be 1 to 64 of
            edge.coordinator.interval=10ms                | edge.coordinator.interval   | must be at least 100ms
            edge.coordinator.queue-max=0                  | edge.coordinator.queue-max  | must be 1 to 100000
            edge.guard.interval=99ms                      | edge.guard.interval         | must be at least 100ms
            edge.guard.egress-max=63K                     | edge.guard.egress-max       | must be at least 64K
            edge.guard.established-max=0                  | edge.guard                  | established-max must be at least 1
            edge.hot.etcd.url=http://127.0.0.1:2379       | edge.hot.etcd.url           | set edge.cache.ssd.directory
            edge.hot.etcd.prefix=a b                      | edge.hot.etcd.prefix        | must be 1 to 200 of
            edge.hot.etcd.user=root                       | edge.hot.etcd.user          | must be set both or not at all
            edge.hot.size=0                               | edge.hot.size               | must be 1 to 10000
            edge.hot.lease=30s                            | edge.hot.lease              | must be longer than edge.hot.interval
            edge.retry.percent=101                        | edge.retry                  | not a percentage: 101
            edge.access=signed                            | edge.signing.keys           | set edge.access=open
            edge.dns.servers=dns.example                  | edge.dns.servers            | 'dns.example' is not a name server: give an address
            edge.dns.servers=10.1                         | edge.dns.servers            | such as 10.96.0.10
            edge.dns.servers=10.0.0.1:70000               | edge.dns.servers            | '10.0.0.1:70000' is not a name server
            edge.dns.ndots=16                             | edge.dns.ndots              | must be 0 to 15, not 16
            edge.dns.attempts=0                           | edge.dns.attempts           | must be 1 to 5, not 0
            edge.dns.edns.udp-size=100                    | edge.dns.edns.udp-size      | must be 512 to 4096 bytes, not 100
            edge.dns.edns.client-subnet=here              | edge.dns.edns.client-subnet | is not an IP address
            edge.dns.failure-ttl=6s                       | edge.dns.failure-ttl        | must be at most 5s
            edge.dns.negative-ttl.max=20s                 | edge.dns.negative-ttl.initial | must not be longer than negative-ttl.max
            edge.dns.prefetch.last-percent=101            | edge.dns.prefetch.last-percent | must be 0 to 100
            edge.dns.cache.max-names=0                    | edge.dns.cache.max-names    | must be at least 1, not 0
            edge.dns.cache.max-size=1K                    | edge.dns.cache.max-size     | must be at least 64K
            edge.s3.access-key-id=only-the-id             | edge.s3.access-key-id       | edge.s3.secret-access-key must be set both or not at all
            edge.s3.secret-access-key=only-the-secret     | edge.s3.access-key-id       | edge.s3.secret-access-key must be set both or not at all
            """)
    void aBrokenRuleNamesTheKeyAndTheCure(String setting, String key, String cure) {
        String message = complaint(setting);

        assertTrue(message.startsWith(key + " "), message);
        assertTrue(message.contains(cure), message);
        assertFalse(message.contains("only-the-"), message);
    }

    @Test
    void aBrokenStubDomainIsNamedWithItsValue() {
        assertEquals(
                "edge.dns.stub-domains \"cluster.local\": 'kube-dns' is not a name server: give an address, with a port"
                        + " unless it is 53, such as 10.96.0.10, 10.96.0.10:5353 or [fd00::10]:5353",
                complaint("edge.dns.stub-domains.\"cluster.local\"=10.96.0.10,kube-dns"));
        assertTrue(complaint("edge.dns.stub-domains.\"a..b\"=10.0.0.1").contains("'a..b' is not a name"));
    }

    @Test
    void whatKeepsTheRulesIsAccepted() {
        assertDoesNotThrow(() -> Settings.check(Configured.with("edge.access=open")));
        assertDoesNotThrow(() -> Settings.check(Configured.with(
                "edge.signing.active=k1", "edge.signing.keys.\"k1\"=" + SECRET, "edge.functions=resolve")));
    }

    @Test
    void withoutKeysNothingIsSigned() {
        assertTrue(Settings.signingKeys(Configured.with()).isEmpty());
    }

    @Test
    void aKeyInBase64UrlSigns() {
        var keys =
                Settings.signingKeys(Configured.with("edge.signing.active=k1", "edge.signing.keys.\"k1\"=" + SECRET));

        assertEquals("SigningKeys[k1]", keys.orElseThrow().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            k1 | not*base64url*but*a*secret*of*some*length     | edge.signing.keys."k1" | is not base64url
            k1 | dG9vLXNob3J0                                  | edge.signing.keys      | must be at least 32 bytes long, not 9
            k2 | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA   | edge.signing.keys      | the active key must be one of [k1]
               | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA   | edge.signing.active    | must name one of edge.signing.keys
            """)
    void aKeyThatCannotSignIsNamedWithoutItsSecret(@Nullable String active, String secret, String key, String cure) {
        EdgeConfig config = active == null
                ? Configured.with("edge.signing.keys.\"k1\"=" + secret)
                : Configured.with("edge.signing.active=" + active, "edge.signing.keys.\"k1\"=" + secret);
        String message = String.valueOf(assertThrows(ConfigurationException.class, () -> Settings.signingKeys(config))
                .getMessage());

        assertTrue(message.startsWith(key + " "), message);
        assertTrue(message.contains(cure), message);
        assertFalse(message.contains(secret), message);
    }

    private static String complaint(String setting) {
        EdgeConfig config = setting.equals("edge.access=signed")
                ? Configured.with(setting)
                : Configured.with("edge.access=open", setting);
        return String.valueOf(assertThrows(ConfigurationException.class, () -> Settings.check(config))
                .getMessage());
    }
}
