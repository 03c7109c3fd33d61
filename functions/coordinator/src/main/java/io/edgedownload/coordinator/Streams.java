package io.edgedownload.coordinator;

import io.edgedownload.fleet.v1.Directive;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** All streams to this coordinator. Gives each its orders when these may be others, and ends those that say nothing any more. */
final class Streams implements Session.Fleet {
    private static final Logger LOG = Logger.getLogger(Streams.class);

    /** Changes that come together are decided on together. */
    private static final long GATHERED_MILLIS = 50;

    /** So often a limit of time is looked at in its course. */
    private static final int TICKS = 4;

    private final Settings settings;
    private final Roster roster;
    private final Policy policy;
    private final EventSpans spans;
    private final Vertx vertx;
    private final InstantSource clock;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean deciding = new AtomicBoolean();

    /**
     * @param coordinator its name
     * @param most streams at once
     * @param silence how long one may say nothing
     * @param holds how long an order holds that is not told again
     */
    record Settings(String coordinator, int most, Duration silence, Duration holds) {}

    Streams(Settings settings, Roster roster, Policy policy, EventSpans spans, Vertx vertx, InstantSource clock) {
        this.settings = settings;
        this.roster = roster;
        this.policy = policy;
        this.spans = spans;
        this.vertx = vertx;
        this.clock = clock;
    }

    void start() {
        vertx.setPeriodic(settings.silence().toMillis() / TICKS, _ -> sessions.forEach(session -> session.tick(TICKS)));
        vertx.setPeriodic(settings.holds().toMillis() / TICKS, _ -> sessions.forEach(Session::renew));
    }

    Session open(ServerCallStreamObserver<Directive> out) {
        Session session = new Session(out, this);
        sessions.add(session);
        return session;
    }

    /** Whether the last one that was opened is not one too many. */
    boolean admits() {
        return sessions.size() <= settings.most();
    }

    int count() {
        return sessions.size();
    }

    @Override
    public String coordinator() {
        return settings.coordinator();
    }

    @Override
    public Roster roster() {
        return roster;
    }

    @Override
    public EventSpans spans() {
        return spans;
    }

    @Override
    public Duration holds() {
        return settings.holds();
    }

    @Override
    public long nowMillis() {
        return clock.millis();
    }

    @Override
    public void changed() {
        if (deciding.compareAndSet(false, true)) {
            vertx.setTimer(GATHERED_MILLIS, _ -> Thread.ofVirtual().start(this::decide));
        }
    }

    private void decide() {
        deciding.set(false);
        try {
            Map<String, Orders> orders = policy.orders(roster.fleet().values(), roster.drained(), clock.millis());
            for (Session session : sessions) {
                session.instance().map(orders::get).ifPresent(session::order);
            }
        } catch (RuntimeException e) {
            LOG.error("no orders could be made", e);
        }
    }

    @Override
    public void ended(Session session) {
        sessions.remove(session);
        changed();
    }

    /** Sends all to other coordinators. */
    void close() {
        sessions.forEach(session -> session.end(Status.UNAVAILABLE.withDescription("this coordinator stops")));
    }
}
