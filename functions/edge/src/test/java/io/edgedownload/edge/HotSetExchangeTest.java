package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.HotChunk;
import io.edgedownload.engine.cache.HotCounts;
import io.edgedownload.engine.cache.HotSet;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.etcd.EtcdGateway;
import io.edgedownload.etcd.EtcdLeased;
import io.edgedownload.fixtures.EtcdServer;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances that share a hot set through a real etcd; skipped where there is none to be had. */
@QuarkusTest
@TestProfile(OpenDeployment.class)
final class HotSetExchangeTest {
    private static final Duration NEVER_AGAIN = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(100);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private EtcdServer etcd;

    private final SystemTimer timer = new SystemTimer();
    private final List<Instance> instances = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Optional<Path> program = EtcdServer.installed();
        assumeTrue(program.isPresent(), "there is no etcd");
        etcd = EtcdServer.start(program.orElseThrow(), folder);
    }

    @AfterEach
    void stop() {
        instances.forEach(instance -> instance.exchange.close());
        timer.close();
        if (etcd != null) {
            etcd.close();
        }
    }

    @Test
    void whatIsHotOnOneInstanceIsHeardOfOnTheOther() throws Exception {
        Instance one = instance("one", NEVER_AGAIN);
        one.use(1, 3);
        one.exchange.start();
        one.awaitSet(1);

        // It does not ask again by itself: it is told.
        Instance two = instance("two", NEVER_AGAIN);
        two.use(1, 2);
        two.use(2, 4);
        two.exchange.start();
        two.awaitSet(1, 2);
        one.awaitSet(1, 2);
        assertEquals(key(1), one.exchange.current().chunks().getFirst().key());
        assertEquals(5, one.exchange.current().chunks().getFirst().score(), 0.01);
    }

    @Test
    void whatAnInstanceSaidGoesWithItsLease() throws Exception {
        Instance one = instance("one", NEVER_AGAIN);
        one.use(1, 3);
        one.exchange.start();
        one.awaitSet(1);
        Instance two = instance("two", NEVER_AGAIN);
        two.use(2, 3);
        two.exchange.start();
        one.awaitSet(1, 2);

        // Neither renews its lease.
        one.awaitSet();
    }

    @Test
    void anInstanceThatRunsRenewsItsLease() throws Exception {
        Instance one = instance("one", SOON);
        one.use(1, 3);
        one.exchange.start();
        Instance two = instance("two", SOON);
        two.use(2, 3);
        two.exchange.start();
        one.awaitSet(1, 2);
        two.exchange.close();
        one.awaitSet(1);
        assertEquals(Set.of(1L), one.set(), "its own stays, although its first lease is over by now");
    }

    @Test
    void theLastSetHoldsWhileEtcdIsAwayAndIsRenewedAfterwards() throws Exception {
        Instance one = instance("one", SOON);
        one.use(1, 3);
        one.exchange.start();
        assertEquals("reached", one.event());
        one.awaitSet(1);

        etcd.kill();
        assertTrue(one.event().startsWith("away"));
        assertEquals(Set.of(1L), one.set());
        assertEquals(HotSetExchange.Reached.NO_MORE, one.exchange.reached());

        etcd.restart();
        one.use(2, 3);
        assertEquals("reached", one.event());
        one.awaitSet(1, 2);
    }

    @Test
    void nonsenseOfOthersIsLeftOut() throws Exception {
        etcd.put("hot/a", "no JSON");
        etcd.put("hot/b", "{\"chunks\":[{\"id\":\"../x\"},7]}");
        etcd.put(
                "hot/c",
                "{\"chunks\":[{\"hash\":\"0\",\"id\":\"file\",\"generation\":\"g\",\"index\":1,\"chunkSize\":65536,"
                        + "\"length\":1,\"score\":99}]}");
        Instance one = instance("one", NEVER_AGAIN);
        one.use(1, 3);
        one.exchange.start();
        one.awaitSet(1);
    }

    @Test
    void aUserIsAuthenticatedAndAWrongPasswordIsNamedAndNotTold() throws Exception {
        etcd.call("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"right\"}");
        etcd.call("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        etcd.call("/v3/auth/enable", "{}");
        Instance wrong = instance("wrong", NEVER_AGAIN, "hunter2");
        wrong.exchange.start();
        String away = wrong.event();
        assertTrue(away.startsWith("away") && away.contains("edge.hot.etcd.password"), away);
        assertTrue(!away.contains("hunter2"), away);

        Instance right = instance("right", NEVER_AGAIN, "right");
        right.use(1, 3);
        right.exchange.start();
        right.awaitSet(1);
    }

    private Instance instance(String name, Duration interval) {
        return instance(name, interval, null);
    }

    private Instance instance(String name, Duration interval, @Nullable String password) {
        Instance made = new Instance(name, interval, password);
        instances.add(made);
        return made;
    }

    private static ChunkKey key(long index) {
        return new ChunkKey(new DownloadId("file"), "g1", index, 65_536);
    }

    private final class Instance implements HotSetExchange.Listener {
        private final HotCounts counts = new HotCounts(10, Ticker.system());
        private final BlockingQueue<HotSet> sets = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final HotSetExchange exchange;

        Instance(String name, Duration interval, @Nullable String password) {
            EtcdGateway gateway =
                    QuarkusRestClientBuilder.newBuilder().baseUri(etcd.uri()).build(EtcdGateway.class);
            EtcdLeased leased = new EtcdLeased(
                    gateway,
                    new EtcdLeased.Settings(
                            "edge.hot.etcd",
                            "hot/",
                            Duration.ofSeconds(2),
                            password == null ? null : "root",
                            password,
                            Duration.ofSeconds(5)));
            exchange = new HotSetExchange(
                    leased,
                    name,
                    counts,
                    new HotSetExchange.Settings(10, interval, Duration.ofMillis(10)),
                    timer,
                    task -> Thread.ofVirtual().start(task),
                    this);
        }

        void use(long index, int times) {
            for (int time = 0; time < times; time++) {
                counts.used(key(index), 65_536);
            }
        }

        Set<Long> set() {
            return indexes(exchange.current());
        }

        /** The next set of just these chunks; others may come before. */
        void awaitSet(long... indexes) throws InterruptedException {
            Set<Long> wanted = LongStream.of(indexes).boxed().collect(Collectors.toSet());
            HotSet set = next();
            while (!indexes(set).equals(wanted)) {
                set = next();
            }
        }

        private HotSet next() throws InterruptedException {
            return Objects.requireNonNull(sets.poll(30, TimeUnit.SECONDS), "another set");
        }

        String event() throws InterruptedException {
            return Objects.requireNonNull(events.poll(30, TimeUnit.SECONDS), "another event");
        }

        private static Set<Long> indexes(HotSet set) {
            return set.chunks().stream().map(HotChunk::key).map(ChunkKey::index).collect(Collectors.toSet());
        }

        @Override
        public void changed(HotSet set) {
            sets.add(set);
        }

        @Override
        public void round(HotSet set) {}

        @Override
        public void reached() {
            events.add("reached");
        }

        @Override
        public void away(String reason) {
            events.add("away: " + reason);
        }
    }
}
