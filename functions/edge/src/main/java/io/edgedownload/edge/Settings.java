package io.edgedownload.edge;

import io.edgedownload.engine.Lifetime;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.request.ChunkReference;
import io.edgedownload.engine.request.SigningKeys;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Rules that settings must keep beyond their types. Each broken one is a line that names the key and the cure. */
final class Settings {
    private static final Set<String> FUNCTIONS =
            Set.of("download", "resolve", "publish", "warm", "evict", "presign", "limit");

    private Settings() {}

    /**
     * Checks what can be checked before the first request.
     *
     * @throws ConfigurationException naming the key
     */
    static void check(EdgeConfig config) {
        for (String function : config.functions()) {
            require(FUNCTIONS.contains(function), "edge.functions", "'" + function + "' is none of " + FUNCTIONS);
        }
        require(
                ChunkReference.validSize(config.chunk().defaultSize().asLongValue()),
                "edge.chunk.default-size",
                "must be 64K to 16M, 64K times a power of two");
        require(config.fill().parallelChunks() >= 1, "edge.fill.parallel-chunks", "must be at least 1");
        checkDeadline(config.deadline());
        checkConnect(config.connect());
        require(
                config.tenant().header().orElse("X").matches("[A-Za-z0-9-]{1,64}"),
                "edge.tenant.header",
                "must be the name of a field, 1 to 64 of A-Z a-z 0-9 -");
        require(
                config.client().answerMax().map(MemorySize::asLongValue).orElse(1L) > 0,
                "edge.client.answer-max",
                "must be at least 1 byte");
        require(config.fetch().progressWindow().toMillis() >= 1, "edge.fetch.progress-window", "must be at least 1ms");
        require(
                config.access() == EdgeConfig.Access.OPEN
                        || !config.signing().keys().isEmpty(),
                "edge.signing.keys",
                "is empty, but edge.access=signed needs a key: set edge.signing.active=k1 and"
                        + " edge.signing.keys.\"k1\" to at least 32 random bytes in base64url, or set edge.access=open");
        require(
                config.s3().accessKeyId().isPresent()
                        == config.s3().secretAccessKey().isPresent(),
                "edge.s3.access-key-id",
                "and edge.s3.secret-access-key must be set both or not at all");
        checkFill(config.s3());
        require(config.cache().ssd().openFiles() >= 1, "edge.cache.ssd.open-files", "must be at least 1");
        checkCatalog(config.catalog());
        checkHot(config.hot(), config.cache().ssd());
        checkCoordinator(config.coordinator());
        require(!config.sources().quarantine().isNegative(), "edge.sources.quarantine", "must not be negative");
        checkRevalidation(config.revalidation());
        require(!config.trace().slow().isNegative(), "edge.trace.slow", "must not be negative");
        require(!config.degraded().after().isNegative(), "edge.degraded.after", "must not be negative");
        checkGuard(config.guard());
        var _ = DnsSettings.of(config.dns());
        var _ = BreakerSettings.of(config.breaker());
        var _ = BreakerSettings.of(config.retry());
    }

    private static void checkDeadline(EdgeConfig.DeadlineBudget config) {
        require(config.total().isPositive(), "edge.deadline.total", "must be longer than zero");
        require(!config.reserve().isNegative(), "edge.deadline.reserve", "must not be negative");
        Duration least = config.minimumAttempt();
        require(
                !least.isNegative() && least.compareTo(config.total()) < 0,
                "edge.deadline.minimum-attempt",
                "must be shorter than edge.deadline.total, and not negative");
    }

    private static void checkFill(EdgeConfig.S3 config) {
        require(
                !config.fill() || config.fillBucket().isPresent(),
                "edge.s3.fill-bucket",
                "must name the bucket that edge.s3.fill=true stores chunks in");
        require(config.fillParallel() >= 1, "edge.s3.fill-parallel", "must be at least 1");
        require(config.fillLookupTimeout().isPositive(), "edge.s3.fill-lookup-timeout", "must be longer than zero");
        require(
                config.fillPrefix().matches("[A-Za-z0-9._/-]{0,200}"),
                "edge.s3.fill-prefix",
                "must be at most 200 of A-Z a-z 0-9 . _ - /");
    }

    private static void checkCatalog(EdgeConfig.Catalog config) {
        require(!config.freshness().isNegative(), "edge.catalog.freshness", "must not be negative");
        require(config.timeout().isPositive(), "edge.catalog.timeout", "must be longer than zero");
        require(config.maxLookups() > 0, "edge.catalog.max-lookups", "must be at least 1");
        boolean inS3 = config.type() == EdgeConfig.CatalogType.S3;
        require(
                config.s3().bucket().map(name -> name.matches(".{3,63}")).orElse(!inS3),
                "edge.catalog.s3.bucket",
                "must be the 3 to 63 characters of the bucket that edge.catalog.type=s3 keeps manifests in");
        require(
                config.s3().prefix().matches("[A-Za-z0-9._/-]{0,200}"),
                "edge.catalog.s3.prefix",
                "must be at most 200 of A-Z a-z 0-9 . _ - /");
        require(
                config.consul().prefix().matches("[A-Za-z0-9._-][A-Za-z0-9._/-]{0,199}"),
                "edge.catalog.consul.prefix",
                "must be 1 to 200 of A-Z a-z 0-9 . _ - / and not begin with /");
        // Its message does not repeat the address, which may hold a password.
        var _ = checked(
                "edge.catalog.consul.url", () -> Source.checked(config.consul().url()));
        require(
                config.consul()
                        .token()
                        .map(token -> token.matches("[\\x21-\\x7e]+"))
                        .orElse(true),
                "edge.catalog.consul.token",
                "must be printable ASCII without spaces");
    }

    private static void checkHot(EdgeConfig.Hot config, EdgeConfig.Cache.Ssd ssd) {
        // Its message does not repeat the address, which may hold a password.
        config.etcd().url().ifPresent(url -> checked("edge.hot.etcd.url", () -> Source.checked(url)));
        require(
                config.etcd().url().isEmpty() || ssd.directory().isPresent(),
                "edge.hot.etcd.url",
                "is set, but hot chunks are kept on disk: set edge.cache.ssd.directory");
        require(
                config.etcd().prefix().matches("[A-Za-z0-9._/-]{1,200}"),
                "edge.hot.etcd.prefix",
                "must be 1 to 200 of A-Z a-z 0-9 . _ - /");
        require(
                config.etcd().user().isPresent() == config.etcd().password().isPresent(),
                "edge.hot.etcd.user",
                "and edge.hot.etcd.password must be set both or not at all");
        require(config.etcd().timeout().isPositive(), "edge.hot.etcd.timeout", "must be longer than zero");
        require(config.size() >= 1 && config.size() <= 10_000, "edge.hot.size", "must be 1 to 10000");
        require(config.interval().isPositive(), "edge.hot.interval", "must be longer than zero");
        require(
                config.lease().toSeconds() >= 2 && config.lease().compareTo(config.interval()) > 0,
                "edge.hot.lease",
                "must be longer than edge.hot.interval, and at least 2s");
    }

    private static void checkCoordinator(EdgeConfig.Coordinator config) {
        require(
                config.url()
                        .map(url -> Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                                && url.getHost() != null
                                && url.getPort() > 0
                                && url.getUserInfo() == null)
                        .orElse(true),
                "edge.coordinator.url",
                "must be http:// or https:// with a host and a port, such as https://coordinator:9000");
        require(
                config.token().map(token -> token.matches("[\\x21-\\x7e]+")).orElse(true),
                "edge.coordinator.token",
                "must be printable ASCII without spaces");
        require(
                config.certificate().isPresent() == config.key().isPresent(),
                "edge.coordinator.certificate",
                "and edge.coordinator.key must be set both or not at all");
        require(
                config.zone().map(zone -> zone.matches("[A-Za-z0-9._-]{1,64}")).orElse(true),
                "edge.coordinator.zone",
                "must be 1 to 64 of A-Z a-z 0-9 . _ -");
        require(config.interval().toMillis() >= 100, "edge.coordinator.interval", "must be at least 100ms");
        require(
                config.queueMax() >= 1 && config.queueMax() <= 100_000,
                "edge.coordinator.queue-max",
                "must be 1 to 100000");
    }

    private static void checkRevalidation(EdgeConfig.Revalidation config) {
        var _ = checked("edge.revalidation", () -> lifetime(config));
        require(config.timeout().isPositive(), "edge.revalidation.timeout", "must be longer than zero");
    }

    static Lifetime lifetime(EdgeConfig.Revalidation config) {
        return new Lifetime(config.fresh(), config.staleWhileRevalidate(), config.staleIfError(), config.patience());
    }

    private static void checkGuard(EdgeConfig.NetworkGuarding config) {
        require(config.interval().toMillis() >= 100, "edge.guard.interval", "must be at least 100ms");
        require(
                config.egressMax().asLongValue() >= Pacer.TURN_BYTES,
                "edge.guard.egress-max",
                "must be at least 64K, one turn a second");
        var _ = checked("edge.guard", () -> GuardWiring.rules(config));
    }

    private static void checkConnect(EdgeConfig.Connect config) {
        require(config.perOrigin() >= 1, "edge.connect.per-origin", "must be at least 1");
        require(config.total() >= 1, "edge.connect.total", "must be at least 1");
        require(config.waiting() >= 0, "edge.connect.waiting", "must be at least 0");
        require(
                config.tenantShare() > 0 && config.tenantShare() <= 1,
                "edge.connect.tenant-share",
                "must be over 0 and at most 1");
        Duration timeout = config.probe().timeout();
        require(
                timeout.isPositive() && timeout.compareTo(config.probe().interval()) < 0,
                "edge.connect.probe.timeout",
                "must be shorter than edge.connect.probe.interval, and not zero");
        require(config.probe().failures() >= 1, "edge.connect.probe.failures", "must be at least 1");
        require(!config.drainPause().isNegative(), "edge.connect.drain-pause", "must not be negative");
    }

    static Optional<SigningKeys> signingKeys(EdgeConfig config) {
        Map<String, byte[]> secrets = new HashMap<>();
        config.signing().keys().forEach((id, secret) -> secrets.put(id, decoded(id, secret)));
        if (secrets.isEmpty()) {
            return Optional.empty();
        }
        String active = config.signing()
                .active()
                .orElseThrow(() -> broken("edge.signing.active", "must name one of edge.signing.keys"));
        return Optional.of(checked("edge.signing.keys", () -> new SigningKeys(secrets, active)));
    }

    /** Runs what validates a setting itself, adding the key to its complaint. */
    static <T> T checked(String key, Supplier<T> valid) {
        try {
            return valid.get();
        } catch (IllegalArgumentException e) {
            throw broken(key, String.valueOf(e.getMessage()));
        }
    }

    private static byte[] decoded(String id, String secret) {
        try {
            return Base64.getUrlDecoder().decode(secret);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message quotes a character of the secret.
            throw broken("edge.signing.keys.\"" + id + "\"", "is not base64url");
        }
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw broken(key, rule);
        }
    }

    static ConfigurationException broken(String key, String rule) {
        return new ConfigurationException(key + " " + rule, Set.of(key));
    }
}
