package io.edgedownload.edge;

import static io.edgedownload.edge.OpenDeployment.CONCURRENT_LOADS;
import static io.edgedownload.edge.OpenDeployment.LOADS_BEFORE_THE_CIRCUIT_OPENS;
import static io.edgedownload.edge.OpenDeployment.RETRIES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.engine.ChunkLoader.Reach;
import io.edgedownload.engine.Filling;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.Sha256;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each annotation on the bean that loads a chunk does its work: without it, one of these fails. */
@QuarkusTest
@TestProfile(OpenDeployment.class)
final class FaultToleranceTest {
    private static final String PATH = "/object";
    private static final String KEY = "object";
    private static final HostedObject OBJECT = HostedObject.random(9, 1_000);

    @Inject
    ChunkTiers tiers;

    @Inject
    Ticker ticker;

    @Inject
    CircuitBreakerMaintenance circuitBreakers;

    @SuppressWarnings("NullAway.Init") // by StoreOrigin
    FaultOrigin store;

    private final FaultOrigin origin;

    FaultToleranceTest() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
    }

    @BeforeEach
    void theStoreHasTheObjectToo() {
        circuitBreakers.resetAll();
        store.serve("/" + StoreOrigin.BUCKET + "/" + KEY, OBJECT);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void retriesWhatMayPassAsOftenAsTheKeySays() throws InterruptedException {
        origin.on(PATH).times(RETRIES, new Fault.Status(500));

        assertDelivered(Tier.ORIGIN, load(withoutStore()));
        assertEquals(1 + RETRIES, requests());
    }

    @Test
    void givesUpAfterAsManyRetriesAsTheKeySays() throws InterruptedException {
        origin.on(PATH).always(new Fault.Status(500));

        assertUnavailable(Kind.SERVER_ERROR, "status 500", load(withoutStore()));
        assertEquals(1 + RETRIES, requests());
    }

    @Test
    void doesNotRetryWhatWouldBeTheSame() throws InterruptedException {
        origin.on(PATH).always(new Fault.Status(404));

        assertUnavailable(Kind.MISSING, "status 404", load(withoutStore()));
        assertEquals(1, requests());
    }

    @Test
    void endsATierThatTakesLongerThanTheKeySays() throws InterruptedException {
        origin.on(PATH).always(new Fault.AcceptAndStall());

        assertUnavailable(Kind.TIMEOUT, "the origin tier took too long", load(withoutStore()));
    }

    @Test
    void opensTheCircuitAfterAsManyFailuresAsTheKeySays() throws InterruptedException {
        origin.on(PATH).always(new Fault.Status(503));
        for (int load = 0; load < LOADS_BEFORE_THE_CIRCUIT_OPENS; load++) {
            assertUnavailable(Kind.BUSY, "status 503", load(withoutStore()));
        }
        origin.heal();

        assertUnavailable(Kind.BREAKER_OPEN, "the origin tier's circuit breaker is open", load(withoutStore()));
        assertEquals(LOADS_BEFORE_THE_CIRCUIT_OPENS, requests());
    }

    @Test
    void keepsTheCircuitClosedWhenObjectsAreGone() throws InterruptedException {
        origin.on(PATH).times(2 * LOADS_BEFORE_THE_CIRCUIT_OPENS, new Fault.Status(404));
        for (int load = 0; load < 2 * LOADS_BEFORE_THE_CIRCUIT_OPENS; load++) {
            assertUnavailable(Kind.MISSING, "status 404", load(withoutStore()));
        }

        assertDelivered(Tier.ORIGIN, load(withoutStore()));
    }

    @Test
    void letsInAsManyLoadsAsTheKeySays() throws Exception {
        try (var loads = new HeldLoads(withoutStore())) {
            assertUnavailable(Kind.OVERLOAD, "the origin tier's bulkhead is full", load(withoutStore()));
            assertEquals(CONCURRENT_LOADS, requests());

            for (Loaded held : loads.finish()) {
                assertDelivered(Tier.ORIGIN, held);
            }
        }
        assertDelivered(Tier.ORIGIN, load(withoutStore()));
    }

    @Test
    void fallsBackToTheStoreWhenTheOriginFails() throws InterruptedException {
        origin.on(PATH).always(new Fault.Status(404));

        assertDelivered(Tier.S3, load(withStore()));
    }

    @Test
    void fallsBackToTheStoreWhenTheOriginTakesTooLong() throws InterruptedException {
        origin.on(PATH).always(new Fault.AcceptAndStall());

        assertDelivered(Tier.S3, load(withStore()));
    }

    @Test
    void fallsBackToTheStoreWhenTheCircuitIsOpen() throws InterruptedException {
        origin.on(PATH).always(new Fault.Status(503));
        for (int load = 0; load < LOADS_BEFORE_THE_CIRCUIT_OPENS; load++) {
            assertDelivered(Tier.S3, load(withStore()));
        }

        assertDelivered(Tier.S3, load(withStore()));
        assertEquals(LOADS_BEFORE_THE_CIRCUIT_OPENS, requests());
    }

    @Test
    void fallsBackToTheStoreWhenTheBulkheadIsFull() throws Exception {
        try (var loads = new HeldLoads(withStore())) {
            assertDelivered(Tier.S3, load(withStore()));

            for (Loaded held : loads.finish()) {
                assertDelivered(Tier.ORIGIN, held);
            }
        }
    }

    @Test
    void leavesTheStoreAloneWhenTheCallerCanBeSentThere() throws InterruptedException {
        origin.on(PATH).always(new Fault.Status(404));

        assertUnavailable(Kind.MISSING, "status 404", load(withStore(), Reach.ORIGIN));
    }

    /** As many loads as there is room for, each waiting for the origin's answer. */
    private final class HeldLoads implements AutoCloseable {
        private final Gate gate = new Gate();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<Loaded>> loads = new ArrayList<>();

        HeldLoads(Manifest manifest) throws InterruptedException {
            origin.on(PATH).times(CONCURRENT_LOADS, new Fault.HoldUntil(gate));
            for (int load = 0; load < CONCURRENT_LOADS; load++) {
                Callable<Loaded> held = () -> load(manifest);
                loads.add(threads.submit(held));
            }
            origin.awaitRequests(PATH, CONCURRENT_LOADS);
        }

        List<Loaded> finish() throws Exception {
            gate.open();
            List<Loaded> finished = new ArrayList<>();
            for (Future<Loaded> load : loads) {
                finished.add(load.get());
            }
            return finished;
        }

        @Override
        public void close() {
            gate.open();
            threads.close();
        }
    }

    private Loaded load(Manifest manifest) throws InterruptedException {
        return load(manifest, Reach.S3);
    }

    private Loaded load(Manifest manifest, Reach reach) throws InterruptedException {
        try (Filling filling = new Filling(manifest, 0, "")) {
            return tiers.load(filling, reach, deadline());
        }
    }

    private Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(1), ticker);
    }

    private int requests() {
        return origin.requests(PATH).size();
    }

    private Manifest withoutStore() {
        return manifest(null);
    }

    private Manifest withStore() {
        return manifest(new S3Object(StoreOrigin.BUCKET, KEY, OBJECT.etag()));
    }

    private Manifest manifest(@Nullable S3Object s3) {
        return new Manifest(
                new DownloadId("object"),
                "g1",
                OBJECT.lengthBytes(),
                1 << 16,
                null,
                OBJECT.contentType(),
                null,
                List.of(new Source(origin.uri(PATH), new Validator(OBJECT.etag(), null))),
                s3,
                Instant.EPOCH);
    }

    private static void assertUnavailable(Kind kind, String detail, Loaded loaded) {
        Failure failure = assertInstanceOf(Loaded.Unavailable.class, loaded).failure();
        assertEquals(kind, failure.kind());
        assertEquals(detail, failure.detail());
    }

    private static void assertDelivered(Tier tier, Loaded loaded) {
        Loaded.Ready ready = assertInstanceOf(Loaded.Ready.class, loaded, () -> "not delivered, but " + loaded);
        assertEquals(tier, ready.tier());
        assertEquals(
                Sha256.hex(OBJECT.bytes()),
                HexFormat.of().formatHex(ready.chunk().sha256()));
        ready.chunk().release();
    }
}
