package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The settings that operators rely on: none comes, goes or changes its default unseen. */
final class EdgeConfigTest {
    private static final String KEYS_AND_DEFAULTS = """
            edge.access = signed
            edge.admin.events = token
            edge.admin.token
            edge.breaker.bucket = 1s
            edge.breaker.hold = 30s
            edge.breaker.max-p95 = 800ms
            edge.breaker.min-requests = 20
            edge.breaker.min-success-percent = 90
            edge.breaker.open-for = 60s
            edge.breaker.probe-timeout = 10s
            edge.breaker.probes = 3
            edge.breaker.window = 30s
            edge.cache.memory.max-size = 256M
            edge.cache.ssd.directory
            edge.cache.ssd.fsync = never
            edge.cache.ssd.max-size = 10G
            edge.cache.ssd.min-free = 512M
            edge.cache.ssd.open-files = 512
            edge.cache.ssd.queue-max = 64M
            edge.cache.ssd.scrub-rate = 1M
            edge.catalog.consul.prefix = edge-download/
            edge.catalog.consul.token
            edge.catalog.consul.url = http://127.0.0.1:8500
            edge.catalog.directory = .local/catalog
            edge.catalog.freshness = 1s
            edge.catalog.max-lookups = 64
            edge.catalog.s3.bucket
            edge.catalog.s3.prefix = catalog/
            edge.catalog.timeout = 3s
            edge.catalog.type = directory
            edge.chunk.default-size = 4M
            edge.client.answer-max
            edge.client.read-floor = 1K
            edge.client.read-window = 60s
            edge.connect.attempt-delay = 250ms
            edge.connect.drain-pause = 30s
            edge.connect.idle-timeout = 30s
            edge.connect.leak-grace = 5s
            edge.connect.per-origin = 50
            edge.connect.probe.failures = 2
            edge.connect.probe.interval = 15s
            edge.connect.probe.timeout = 800ms
            edge.connect.tenant-share = 0.5
            edge.connect.timeout = 3s
            edge.connect.tls-timeout = 5s
            edge.connect.total = 512
            edge.connect.waiting = 256
            edge.coordinator.certificate
            edge.coordinator.interval = 10s
            edge.coordinator.key
            edge.coordinator.queue-max = 1000
            edge.coordinator.token
            edge.coordinator.trust
            edge.coordinator.url
            edge.coordinator.zone
            edge.cors.origins
            edge.deadline.minimum-attempt = 50ms
            edge.deadline.reserve = 5s
            edge.deadline.total = 300s
            edge.degraded.after = 5s
            edge.dns.attempts
            edge.dns.cache.max-names = 10000
            edge.dns.cache.max-size = 8M
            edge.dns.edns.client-subnet
            edge.dns.edns.client-subnet-ipv4-prefix = 24
            edge.dns.edns.client-subnet-ipv6-prefix = 56
            edge.dns.edns.dnssec-ok = true
            edge.dns.edns.udp-size = 1232
            edge.dns.failure-ttl = 5s
            edge.dns.guard.burst = 200
            edge.dns.guard.per-second = 20
            edge.dns.hosts = /etc/hosts
            edge.dns.lookup-timeout = 5s
            edge.dns.max-lookups = 256
            edge.dns.max-queries = 512
            edge.dns.ndots
            edge.dns.negative-ttl.initial = 30s
            edge.dns.negative-ttl.max = 60s
            edge.dns.negative-ttl.step = 10s
            edge.dns.negative-ttl.step-misses = 3
            edge.dns.positive-ttl.max = 900s
            edge.dns.prefetch.hits = 2
            edge.dns.prefetch.last-percent = 10
            edge.dns.resolution-delay = 50ms
            edge.dns.resolv-conf = /etc/resolv.conf
            edge.dns.rotate
            edge.dns.search
            edge.dns.servers
            edge.dns.slow.above = 200ms
            edge.dns.slow.ttl-from = 300s
            edge.dns.slow.ttl-to = 120s
            edge.dns.slow.until = 1s
            edge.dns.stale.client-wait = 1800ms
            edge.dns.stale.max-age = 24h
            edge.dns.stale.ttl = 30s
            edge.dns.stub-domains.*
            edge.dns.timeout
            edge.fallback.mode = auto
            edge.fallback.redirect-margin = 500ms
            edge.fetch.attempt-timeout = 10s
            edge.fetch.progress-floor = 16K
            edge.fetch.progress-window = 5s
            edge.fill.in-flight-max = 64M
            edge.fill.in-flight-wait = 2s
            edge.fill.parallel-chunks = 5
            edge.functions = download,resolve,publish,warm,evict,presign,limit
            edge.guard.egress-max = 200000000
            edge.guard.enabled = true
            edge.guard.established-max = 5000
            edge.guard.interval = 1s
            edge.guard.lift-after = 30s
            edge.guard.lift-percent = 80
            edge.guard.retransmit-percent = 8
            edge.guard.segments-min = 1000
            edge.guard.snmp = /proc/self/net/snmp
            edge.guard.window = 10s
            edge.hot.etcd.password
            edge.hot.etcd.prefix = edge-download/hot/
            edge.hot.etcd.timeout = 5s
            edge.hot.etcd.url
            edge.hot.etcd.user
            edge.hot.interval = 60s
            edge.hot.lease = 5m
            edge.hot.size = 1000
            edge.retry.hedge = false
            edge.retry.least = 3
            edge.retry.per = 10s
            edge.retry.percent = 20
            edge.revalidation.fresh = 5m
            edge.revalidation.patience = 1s
            edge.revalidation.stale-if-error = 168h
            edge.revalidation.stale-while-revalidate = 1h
            edge.revalidation.timeout = 60s
            edge.s3.access-key-id
            edge.s3.endpoint
            edge.s3.fill = false
            edge.s3.fill-bucket
            edge.s3.fill-lookup-timeout = 1s
            edge.s3.fill-parallel = 4
            edge.s3.fill-prefix = chunks/
            edge.s3.fill-queue-max = 64M
            edge.s3.path-style = false
            edge.s3.presign-validity = 15m
            edge.s3.region = us-east-1
            edge.s3.secret-access-key
            edge.signing.active
            edge.signing.keys.*
            edge.signing.validity = 1h
            edge.sources.allow
            edge.sources.quarantine = 60s
            edge.tenant.header
            edge.trace.slow = 5s
            """;

    @Test
    void everyKeyHasThisDefault() {
        var properties = new TreeMap<>(ConfigMappings.getProperties(ConfigClass.configClass(EdgeConfig.class)));
        String actual = properties.entrySet().stream()
                .filter(entry -> isSetting(entry.getValue()))
                // A list's elements are no keys of their own.
                .filter(entry -> !entry.getKey().endsWith("[*]"))
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());

        assertEquals(KEYS_AND_DEFAULTS, actual);
    }

    /** Each has a row of docs/configuration.md, with its default, and no row is about anything else. */
    @Test
    void everyKeyIsDocumented() throws IOException {
        var documented = new TreeMap<String, String>();
        for (String row :
                Files.readString(Path.of("../../docs/configuration.md")).split("\n", -1)) {
            String[] cells = row.split("(?<!\\\\)\\|", -1);
            if (row.startsWith("| `edge.")) {
                for (String key : cells[1].strip().split(", ", -1)) {
                    documented.put(key.replace("`", "").replaceFirst("\"[A-Z]+\"", "*"), cells[3]);
                }
            }
        }
        var keys = new TreeMap<String, String>();
        for (String line : KEYS_AND_DEFAULTS.split("\n", -1)) {
            if (!line.isEmpty()) {
                String[] keyAndDefault = line.split(" = ", 2);
                keys.put(keyAndDefault[0], keyAndDefault.length == 2 ? keyAndDefault[1] : "");
            }
        }
        assertEquals(keys.keySet(), documented.keySet());
        keys.forEach((key, value) -> assertTrue(
                value.isEmpty() || documented.getOrDefault(key, "").contains("`" + value + "`"),
                () -> key + ": " + value + " is not " + documented.get(key)));
    }

    @Test
    void theDefaultsAloneAreAConfiguration() {
        EdgeConfig config = Configured.with();

        assertEquals(Duration.ofMinutes(5), config.deadline().total());
        assertEquals(256 << 20, config.cache().memory().maxSize().asLongValue());
    }

    private static boolean isSetting(Property property) {
        return property.isLeaf() || property.isPrimitive() || property.isOptional() || property.isMap();
    }

    private static String line(String key, Property property) {
        return key + (property.hasDefaultValue() ? " = " + property.getDefaultValue() : "") + "\n";
    }

    /** The configuration that a deployment with these settings has. */
    static final class Configured {
        private Configured() {}

        /** @param settings such as {@code edge.access=open} */
        static EdgeConfig with(String... settings) {
            var builder = new SmallRyeConfigBuilder()
                    .addDiscoveredConverters()
                    .addDefaultInterceptors()
                    .withMapping(EdgeConfig.class);
            for (String setting : settings) {
                String[] keyAndValue = setting.split("=", 2);
                builder.withDefaultValue(keyAndValue[0], keyAndValue[1]);
            }
            return builder.build().getConfigMapping(EdgeConfig.class);
        }
    }
}
