package io.edgedownload.coordinator;

import io.edgedownload.fleet.FleetClient;
import io.edgedownload.fleet.FleetPeer;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Hello;
import io.edgedownload.fleet.v1.Limits;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An edge on the network side alone: what it tells is set by the test, and what it is told is kept for it. */
final class TestPeer implements FleetPeer, AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Hello hello;
    private final FleetClient client;
    private final BlockingQueue<Directive> orders = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> joins = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
    private volatile Heartbeat heartbeat = Heartbeat.getDefaultInstance();

    TestPeer(Vertx vertx, URI uri, @Nullable String token, String instance, Duration interval) {
        this(
                vertx,
                new FleetClient.Settings(uri, token, new FleetClient.Tls(null, null, null), interval, 100),
                instance);
    }

    TestPeer(Vertx vertx, FleetClient.Settings settings, String instance) {
        this.hello = Hello.newBuilder()
                .setInstance(instance)
                .setZone("north")
                .setVersion("1")
                .setLimits(
                        Limits.newBuilder().setSurgeEgressBytesPerSecond(1_000).setDiskBytes(1))
                .build();
        this.client = new FleetClient(
                vertx,
                settings,
                this,
                _ -> Duration.ofMillis(100),
                task -> Thread.ofVirtual().start(task));
        client.start();
    }

    FleetClient client() {
        return client;
    }

    void tell(Heartbeat.Builder now) {
        heartbeat = now.build();
        client.changed();
    }

    String awaitJoined() throws InterruptedException {
        return got(joins.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    String awaitLoss() throws InterruptedException {
        return got(losses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** The next order of that kind; others are skipped. */
    Directive await(Directive.DirectiveCase kind) throws InterruptedException {
        while (true) {
            Directive order = got(orders.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            if (order.getDirectiveCase() == kind) {
                return order;
            }
        }
    }

    private static <T> T got(@Nullable T it) {
        if (it == null) {
            throw new AssertionError("it did not come within " + PATIENCE_SECONDS + " s");
        }
        return it;
    }

    @Override
    public Hello hello() {
        return hello;
    }

    @Override
    public Heartbeat heartbeat() {
        return heartbeat;
    }

    @Override
    public void ordered(Directive directive) {
        orders.add(directive);
    }

    @Override
    public void joined(String coordinator) {
        joins.add(coordinator);
    }

    @Override
    public void away(String reason) {
        losses.add(reason);
    }

    @Override
    public void close() {
        client.close();
    }
}
