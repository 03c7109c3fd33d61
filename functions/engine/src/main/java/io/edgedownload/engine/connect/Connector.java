package io.edgedownload.engine.connect;

import io.edgedownload.engine.resolve.AddressesChanged;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Timer.Alarm;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Warm connections to origins. A connection goes to a resolved address, with the name kept for Host and SNI, so that what was
 * checked is what is connected to; it is pooled by origin and address.
 */
public final class Connector implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Connector.class);

    /** A process that runs closes idle connections within this after their time; one that is older was frozen with it. */
    private static final Duration POOL_CLEANED_WITHIN = Duration.ofSeconds(2);

    private final SourcePolicy policy;
    private final Clocks clocks;
    private final ConnectListener listener;
    private final Places places;
    private final Connections connections;
    private final Dialer dialer;
    private final Demotions demotions;

    public Connector(Vertx vertx, SourcePolicy policy, Limits limits, Clocks clocks, ConnectListener listener) {
        this.policy = policy;
        this.clocks = clocks;
        this.listener = listener;
        this.places = new Places(limits);
        this.connections = new Connections(clocks);
        this.dialer = new Dialer(vertx, limits, connections, clocks.ticker());
        this.demotions = new Demotions(dialer, connections, clocks, listener);
    }

    /**
     * A connection to that of the addresses which answers first. Blocks until there is one or the deadline has passed.
     *
     * @param deadline for waiting for a place, connecting and the TLS handshake together
     */
    public Leasing lease(Wanted wanted, List<InetAddress> addresses, Deadline deadline) throws InterruptedException {
        if (addresses.isEmpty()) {
            return new Leasing.Unreachable("no address");
        }
        List<InetAddress> allowed = addresses.stream()
                .filter(address -> wanted.trust() == Trust.OPERATOR
                        || policy.allows(wanted.origin().host(), address))
                .toList();
        if (allowed.isEmpty()) {
            return new Leasing.Forbidden(addresses.getFirst());
        }
        Leasing refused = withoutPlace(wanted, deadline);
        return refused == null ? connect(wanted, allowed, deadline) : refused;
    }

    /**
     * Takes a place for one connection.
     *
     * @return why there is none, or null when it was taken
     */
    private @Nullable Leasing withoutPlace(Wanted wanted, Deadline deadline) throws InterruptedException {
        return switch (places.ask(wanted.origin(), wanted.holder().tenant())) {
            case Places.Asked.Taken() -> null;
            case Places.Asked.Full() -> orShareUsedUp(wanted, new Leasing.Exhausted());
            case Places.Asked.Queued(Places.Waiter waiter) -> {
                boolean granted = false;
                try {
                    granted = deadline.await(waiter.granted());
                    yield null;
                } catch (TimeoutException e) {
                    yield orShareUsedUp(wanted, new Leasing.TimedOut(Leasing.Step.WAIT));
                } catch (ExecutionException e) {
                    throw new AssertionError("a place is granted or not", e);
                } finally {
                    if (!granted && !places.leave(waiter)) {
                        giveBackPlace(wanted);
                    }
                }
            }
        };
    }

    private Leasing orShareUsedUp(Wanted wanted, Leasing other) {
        return places.shareUsedUp(wanted.origin(), wanted.holder().tenant()) ? new Leasing.ShareUsedUp() : other;
    }

    private void giveBackPlace(Wanted wanted) {
        places.giveBack(wanted.origin(), wanted.holder().tenant());
    }

    private Leasing connect(Wanted wanted, List<InetAddress> allowed, Deadline deadline) throws InterruptedException {
        Origin origin = wanted.origin();
        dropWhatWasFrozen();
        demotions.wanted(origin, allowed);
        var race = new StaggeredConnect<>(
                AttemptOrder.of(
                        allowed,
                        address -> demotions.trusts(new Peer(origin, address)),
                        address -> connections.idle(new Peer(origin, address))),
                new Attempts(wanted),
                clocks.timer(),
                dialer.limits().timeouts().stagger());
        boolean leased = false;
        try {
            Leasing leasing = switch (deadline.await(race.run())) {
                case StaggeredConnect.Outcome.Won<Dialed>(InetAddress address, Dialed dialed) -> leased(wanted, dialed);
                case StaggeredConnect.Outcome.Lost<Dialed>(Throwable last) -> refused(last);
            };
            leased = leasing instanceof Leasing.Leased;
            return leasing;
        } catch (TimeoutException e) {
            boolean handshaking = allowed.stream().anyMatch(address -> dialer.handshaking(new Peer(origin, address)));
            race.abandon();
            return new Leasing.TimedOut(handshaking ? Leasing.Step.TLS : Leasing.Step.CONNECT);
        } catch (InterruptedException e) {
            race.abandon();
            throw e;
        } catch (ExecutionException e) {
            throw new AssertionError("a race is won or lost", e);
        } finally {
            if (!leased) {
                giveBackPlace(wanted);
            }
        }
    }

    /** After a freeze the other ends have left their connections long ago. */
    private void dropWhatWasFrozen() {
        Duration idle = dialer.limits().timeouts().idle();
        List<Duration> unused = connections.retireIdleOver(idle);
        if (!unused.isEmpty()) {
            Duration longest = Collections.max(unused);
            if (longest.compareTo(idle.plus(POOL_CLEANED_WITHIN)) > 0) {
                listener.on(new ConnectEvent.Thawed(longest, unused.size()));
            }
        }
    }

    private final class Attempts implements StaggeredConnect.Attempts<Dialed> {
        private final Wanted wanted;

        Attempts(Wanted wanted) {
            this.wanted = wanted;
        }

        @Override
        public CompletionStage<Dialed> start(InetAddress address) {
            CompletableFuture<Dialed> dialed = dialer.dial(wanted, address);
            var _ = dialed.whenComplete((_, failure) -> {
                if (failure != null) {
                    demotions.unreachable(new Peer(wanted.origin(), address), failure);
                }
            });
            return dialed;
        }

        @Override
        public void surplus(Dialed dialed) {
            dialer.surplus(dialed);
        }
    }

    private Leasing leased(Wanted wanted, Dialed dialed) {
        Peer peer = new Peer(wanted.origin(), dialed.address());
        Lease lease = new Lease(dialed, fault -> demotions.failed(peer, dialed.reused(), fault));
        demotions.inUse();
        if (!dialed.reused()) {
            listener.on(new ConnectEvent.Opened(peer.origin(), peer.address()));
        }
        long startNanos = clocks.ticker().nanos();
        Duration patience =
                wanted.until().remaining().plus(dialer.limits().timeouts().grace());
        Alarm leak = clocks.timer().after(patience, () -> {
            if (lease.reclaim()) {
                leaked(wanted, lease, Duration.ofNanos(clocks.ticker().nanos() - startNanos));
            }
        });
        lease.whenEnded(() -> {
            leak.cancel();
            dialer.release(dialed);
            giveBackPlace(wanted);
        });
        return new Leasing.Leased(lease);
    }

    private void leaked(Wanted wanted, Lease lease, Duration held) {
        LOG.errorf(
                "a connection to %s was held for %s and taken back: tenant '%s', download '%s', %s",
                lease.address().getHostAddress(),
                held,
                wanted.holder().tenant(),
                wanted.holder().download(),
                wanted.place());
        listener.on(new ConnectEvent.Leaked(wanted.holder(), wanted.place(), lease.address(), held));
    }

    private static Leasing refused(Throwable cause) {
        return switch (cause) {
            case SSLException tls
            when tls instanceof SslHandshakeTimeoutException
                    || tls.getCause() instanceof SslHandshakeTimeoutException -> new Leasing.TimedOut(Leasing.Step.TLS);
            case SSLException tls -> new Leasing.TlsFailed(String.valueOf(tls.getMessage()));
            case ConnectTimeoutException timeout -> new Leasing.TimedOut(Leasing.Step.CONNECT);
            case TimeoutException timeout -> new Leasing.TimedOut(Leasing.Step.CONNECT);
            default -> new Leasing.Unreachable(String.valueOf(cause.getMessage()));
        };
    }

    /** A name has other addresses: connections to those that it had before are of no more use. Does not block. */
    public void addressesChanged(AddressesChanged change) {
        for (Origin origin : connections.origins()) {
            if (concerns(change.name(), origin.host())) {
                change.removed().forEach(address -> demotions.left(new Peer(origin, address)));
            }
        }
    }

    /** Whether the absolute name may be what the host means: itself, or with a domain that it is looked for in. */
    private static boolean concerns(String name, String host) {
        String relative = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.equals(relative) || name.startsWith(relative + ".");
    }

    /** Lets other limits hold from now on: new requests use new connections, those under way end on theirs. */
    public void reconfigure(Limits limits) {
        dialer.renew(limits);
        places.limit(limits);
        listener.on(new ConnectEvent.Reconfigured(limits));
    }

    /** What there is for each origin, at this moment. */
    public Map<Origin, Pool> pools() {
        Map<Origin, Pool> pools = connections.pools();
        places.pools().forEach((origin, pool) -> pools.merge(origin, pool, Pool::plus));
        demotions.pools().forEach((origin, pool) -> pools.merge(origin, pool, Pool::plus));
        return pools;
    }

    /** What holds now. */
    public Limits limits() {
        return dialer.limits();
    }

    /** The longest that TLS may take on a connection. */
    public Duration handshakeTimeout() {
        return dialer.limits().timeouts().handshake();
    }

    /** Closes all connections; exchanges under way fail. */
    @Override
    public void close() {
        demotions.close();
        dialer.close();
    }
}
