package io.edgedownload.coordinator;

import io.edgedownload.coordinator.Standing.Hot;
import io.edgedownload.fleet.v1.Acknowledged;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Drain;
import io.edgedownload.fleet.v1.EdgeReport;
import io.edgedownload.fleet.v1.EgressLimit;
import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.Lift;
import io.edgedownload.fleet.v1.Order;
import io.edgedownload.fleet.v1.ProbeFirst;
import io.edgedownload.fleet.v1.Warm;
import io.edgedownload.fleet.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One stream of one instance. Reports are asked for one after the other. What is to be sent is kept as what is wanted and what was
 * sent, so that an instance that does not read has nothing waiting for it but the last of each.
 */
final class Session implements StreamObserver<EdgeReport> {
    private static final Logger LOG = Logger.getLogger(Session.class);

    private final ServerCallStreamObserver<Directive> out;
    private final Fleet fleet;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Standing standing;
    private Orders wanted = Orders.NONE;
    private Orders sent = Orders.NONE;
    private Set<Hot.Key> warmed = Set.of();

    /** Whether what holds is to be told once more; what is not wanted needs no renewal. */
    private boolean renewLimit;

    private boolean renewDrain;
    private long storedEvent;
    private boolean acknowledge;
    private boolean greeted;
    private boolean welcomed;
    private boolean over;
    private int quietTicks;

    /** What a session needs of the fleet. */
    interface Fleet {
        String coordinator();

        Roster roster();

        EventSpans spans();

        /** How long an order holds. */
        Duration holds();

        long nowMillis();

        /** Other orders may follow. */
        void changed();

        void ended(Session session);
    }

    Session(ServerCallStreamObserver<Directive> out, Fleet fleet) {
        this.out = out;
        this.fleet = fleet;
    }

    /** Begins to take reports. To be called while the call is being set up. */
    void begin() {
        out.disableAutoRequest();
        out.setOnReadyHandler(this::send);
        out.setOnCancelHandler(() -> leave("its stream was cut"));
        out.request(1);
    }

    @Override
    public void onNext(EdgeReport report) {
        lock.lock();
        try {
            quietTicks = 0;
            if (!over) {
                take(report);
            }
        } catch (IllegalArgumentException e) {
            end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    private void take(EdgeReport report) {
        Standing now = standing;
        switch (report.getReportCase()) {
            case HELLO -> {
                if (greeted) {
                    throw new IllegalArgumentException("there was a hello before");
                }
                greeted = true;
                // The next report is asked for when this one is answered.
                var _ = fleet.roster()
                        .join(Reports.hello(report.getHello(), fleet.coordinator(), fleet.nowMillis()))
                        .thenAccept(this::welcome);
                return;
            }
            case HEARTBEAT -> {
                update(Reports.heartbeat(known(now), report.getHeartbeat()));
                acknowledge = true;
            }
            case EVENT -> happened(known(now), report.getEvent());
            case REPORT_NOT_SET -> {
                // Of a later version; see fleet.proto.
            }
        }
        send();
        out.request(1);
    }

    /** What was told before is no news. */
    private void happened(Standing before, Event event) {
        Standing now = Reports.event(before, event);
        if (now.events().last() != before.events().last()) {
            Span span = fleet.spans().begin(now, event);
            update(now);
            span.end();
        }
    }

    private static Standing known(@Nullable Standing now) {
        return Optional.ofNullable(now).orElseThrow(() -> new IllegalArgumentException("there was no hello"));
    }

    private void welcome(Standing joined) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            storedEvent = joined.events().last();
            welcomed = true;
            out.onNext(Directive.newBuilder()
                    .setWelcome(Welcome.newBuilder()
                            .setCoordinator(fleet.coordinator())
                            .setStoredEvent(storedEvent))
                    .build());
            update(joined);
            out.request(1);
        } finally {
            lock.unlock();
        }
        LOG.infof("%s %s joined, session %d", StandingJson.word(joined.role()), joined.instance(), joined.session());
    }

    private void update(Standing now) {
        Standing before = standing;
        standing = now;
        long event = now.events().last();
        fleet.roster().update(now, () -> stored(event));
        if (before == null || now.differsFrom(before)) {
            fleet.changed();
        }
    }

    private void stored(long event) {
        lock.lock();
        try {
            if (event > storedEvent) {
                storedEvent = event;
                acknowledge = true;
                send();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the instance told what it is not told yet. */
    void order(Orders orders) {
        lock.lock();
        try {
            wanted = orders;
            send();
        } finally {
            lock.unlock();
        }
    }

    /** Sends as much of what is wanted as the network takes; the rest when it takes more. */
    private void send() {
        lock.lock();
        try {
            while (!over && welcomed && out.isReady()) {
                Directive next = next();
                if (next == null) {
                    return;
                }
                out.onNext(next);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Directive next() {
        if (acknowledge) {
            acknowledge = false;
            return Directive.newBuilder()
                    .setAcknowledged(Acknowledged.newBuilder().setStoredEvent(storedEvent))
                    .build();
        }
        Orders before = sent;
        if (wanted.egressLimit() != before.egressLimit() || (renewLimit && wanted.egressLimit() > 0)) {
            renewLimit = false;
            sent = new Orders(wanted.egressLimit(), before.drain(), before.warm(), before.probeFirst());
            return limit(wanted.egressLimit());
        }
        if (wanted.drain() != before.drain() || (renewDrain && wanted.drain())) {
            renewDrain = false;
            sent = new Orders(before.egressLimit(), wanted.drain(), before.warm(), before.probeFirst());
            return drain(wanted.drain());
        }
        if (!wanted.probeFirst().equals(before.probeFirst())) {
            sent = new Orders(before.egressLimit(), before.drain(), before.warm(), wanted.probeFirst());
            return Directive.newBuilder()
                    .setProbeFirst(ProbeFirst.newBuilder().addAllOrigins(wanted.probeFirst()))
                    .build();
        }
        return warm();
    }

    /** What is warm already, or hotter or colder than before, is not told again. */
    private @Nullable Directive warm() {
        List<Hot> warm = wanted.warm();
        Set<Hot.Key> keys = warm.stream().map(Hot::key).collect(Collectors.toSet());
        boolean nothingMore = keys.isEmpty() && !warmed.isEmpty();
        if (!nothingMore && warmed.containsAll(keys)) {
            return null;
        }
        warmed = new HashSet<>(keys);
        return Directive.newBuilder()
                .setWarm(Warm.newBuilder()
                        .addAllChunks(warm.stream().map(Reports::chunk).toList()))
                .build();
    }

    private Directive limit(long bytesPerSecond) {
        return bytesPerSecond == 0
                ? lift(Order.ORDER_EGRESS_LIMIT)
                : Directive.newBuilder()
                        .setEgressLimit(EgressLimit.newBuilder()
                                .setBytesPerSecond(bytesPerSecond)
                                .setHoldsSeconds((int) fleet.holds().toSeconds()))
                        .build();
    }

    private Directive drain(boolean wanted) {
        return wanted
                ? Directive.newBuilder()
                        .setDrain(Drain.newBuilder()
                                .setHoldsSeconds((int) fleet.holds().toSeconds()))
                        .build()
                : lift(Order.ORDER_DRAIN);
    }

    private static Directive lift(Order order) {
        return Directive.newBuilder().setLift(Lift.newBuilder().setOrder(order)).build();
    }

    /** Has orders that hold told again, before they end by themselves. */
    void renew() {
        lock.lock();
        try {
            renewLimit = true;
            renewDrain = true;
            send();
        } finally {
            lock.unlock();
        }
    }

    /** @return whether it was quiet for that many ticks, or another stream has taken its place; it is ended then */
    boolean tick(int mostQuietTicks) {
        lock.lock();
        try {
            Standing now = standing;
            if (now != null && fleet.roster().superseded(now)) {
                end(Status.ABORTED.withDescription("this instance has another stream"));
            } else if (++quietTicks > mostQuietTicks) {
                end(Status.ABORTED.withDescription("there was no report for too long"));
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Who it is; empty before its hello. */
    Optional<String> instance() {
        lock.lock();
        try {
            return Optional.ofNullable(standing).map(Standing::instance);
        } finally {
            lock.unlock();
        }
    }

    void end(Status status) {
        lock.lock();
        try {
            if (!over) {
                leave(String.valueOf(status.getDescription()));
                out.onError(status.asRuntimeException());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable failure) {
        leave(String.valueOf(failure.getMessage()));
    }

    @Override
    public void onCompleted() {
        lock.lock();
        try {
            if (!over) {
                leave("it ended its stream");
                out.onCompleted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(String reason) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            Standing last = standing;
            if (last != null) {
                LOG.infof("%s left: %s", last.instance(), reason);
                fleet.roster().leave(last);
            }
        } finally {
            lock.unlock();
        }
        fleet.ended(this);
    }
}
