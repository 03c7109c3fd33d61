package io.edgedownload.edge;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/**
 * Every function, open to all, with an administrator. The outer fault tolerance has other values than the annotations, set by the
 * standard MicroProfile keys: what a test sees of them, it sees because the keys work.
 */
public class OpenDeployment implements QuarkusTestProfile {
    static final String ADMIN_TOKEN = "edge-tests-admin-token";
    static final String PAGE_ORIGIN = "https://app.example";

    static final int RETRIES = 3;
    static final int CONCURRENT_LOADS = 2;
    static final int LOADS_BEFORE_THE_CIRCUIT_OPENS = 6;

    @Override
    public Map<String, String> getConfigOverrides() {
        String load = "io.edgedownload.edge.ChunkTiers/load/";
        return Map.ofEntries(
                Map.entry(load + "Retry/maxRetries", Integer.toString(RETRIES)),
                Map.entry(load + "Retry/delay", "0"),
                Map.entry(load + "Retry/jitter", "0"),
                Map.entry(load + "Timeout/value", "5000"),
                Map.entry(load + "Bulkhead/value", Integer.toString(CONCURRENT_LOADS)),
                Map.entry(
                        load + "CircuitBreaker/requestVolumeThreshold",
                        Integer.toString(LOADS_BEFORE_THE_CIRCUIT_OPENS)),
                Map.entry(load + "CircuitBreaker/delay", "600000"),
                // So long that nothing inside the tier ends before the tier is ended from outside.
                Map.entry("edge.fetch.attempt-timeout", "60s"),
                Map.entry("edge.fetch.progress-window", "60s"),
                // More than all tests of an instance make; which there are is tested elsewhere.
                Map.entry("edge.retry.least", "1000"),
                Map.entry("edge.access", "open"),
                Map.entry("edge.admin.token", ADMIN_TOKEN),
                Map.entry("edge.cors.origins", PAGE_ORIGIN),
                Map.entry("edge.sources.allow", "127.0.0.0/8"),
                Map.entry("edge.catalog.directory", "target/catalog-of-tests"),
                Map.entry("edge.s3.access-key-id", "edge-tests"),
                Map.entry("edge.s3.secret-access-key", "edge-tests-secret"),
                Map.entry("edge.s3.path-style", "true"),
                Map.entry("quarkus.http.test-port", "0"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(StoreOrigin.class));
    }
}
