package io.edgedownload.engine.connect;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Draws the consequences of what is seen of addresses: one that fails is tried after all others and its connections are
 * drained; once it answers a probe it is well again.
 */
final class Demotions implements Prober.Subject {
    private final AddressHealth health;
    private final Connections connections;
    private final Supplier<Limits> limits;
    private final ConnectListener listener;
    private final Prober prober;

    Demotions(Dialer dialer, Connections connections, Clocks clocks, ConnectListener listener) {
        this.health = new AddressHealth(clocks.ticker());
        this.connections = connections;
        this.limits = dialer::limits;
        this.listener = listener;
        this.prober =
                new Prober(dialer::probe, clocks.timer(), () -> dialer.limits().probing(), this);
    }

    /** Takes note that a connection to one of the addresses is wanted; those that are demoted are looked after again. */
    void wanted(Origin origin, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (health.wanted(new Peer(origin, address))) {
                prober.armNow();
            }
        }
    }

    boolean trusts(Peer peer) {
        return !health.isDemoted(peer);
    }

    /** The origins that have demoted addresses. */
    Map<Origin, Pool> pools() {
        return health.pools();
    }

    /** A connection to it is leased. */
    void inUse() {
        prober.arm();
    }

    /** An attempt to connect to it failed. */
    void unreachable(Peer peer, Throwable cause) {
        Symptom symptom = Symptom.of(cause);
        if (symptom != null) {
            demote(peer, symptom);
        }
    }

    /** An exchange with it failed. */
    void failed(Peer peer, boolean reused, Lease.Fault fault) {
        switch (fault) {
            case BROKEN_BEFORE_ANSWER -> {
                if (reused) {
                    // Its other end may just have left it, as after a restart; then it has left its siblings too.
                    drain(peer, ConnectEvent.Drained.Reason.SIBLING_BROKEN);
                } else {
                    demote(peer, Symptom.BROKEN);
                }
            }
            case BROKEN_IN_ANSWER -> demote(peer, Symptom.BROKEN);
            case SILENT -> demote(peer, Symptom.SILENT);
        }
    }

    /** Its name does not lead to it any more. */
    void left(Peer peer) {
        retire(peer, ConnectEvent.Drained.Reason.ADDRESS_LEFT);
    }

    private void demote(Peer peer, Symptom symptom) {
        if (health.demote(peer)) {
            demoted(peer, symptom);
        }
    }

    private void demoted(Peer peer, Symptom symptom) {
        listener.on(new ConnectEvent.Demoted(peer.origin(), peer.address(), symptom));
        drain(peer, ConnectEvent.Drained.Reason.DEMOTED);
        prober.arm();
    }

    private void drain(Peer peer, ConnectEvent.Drained.Reason reason) {
        if (connections.leadTo(peer)
                && health.mayDrain(peer.origin(), limits.get().probing().drainPause())) {
            retire(peer, reason);
        }
    }

    private void retire(Peer peer, ConnectEvent.Drained.Reason reason) {
        int retired = connections.retire(connection -> connection.peer().equals(peer));
        if (retired > 0) {
            listener.on(new ConnectEvent.Drained(peer.origin(), peer.address(), reason, retired));
        }
    }

    @Override
    public List<Peer> toProbe() {
        Duration idle = limits.get().timeouts().idle();
        Duration interval = limits.get().probing().interval();
        // What nobody has used for longer is left alone, or a frozen function would wake up only to probe.
        Duration within = idle.compareTo(interval) > 0 ? idle : interval;
        List<Peer> peers = new ArrayList<>(health.demoted(within));
        connections.peers(within).stream().filter(this::trusts).forEach(peers::add);
        return peers;
    }

    @Override
    public void probed(Peer peer, boolean answered) {
        switch (health.probed(peer, answered, limits.get().probing().failures())) {
            case NONE -> {}
            case DEMOTED -> demoted(peer, Symptom.PROBE);
            case HEALED -> listener.on(new ConnectEvent.Healed(peer.origin(), peer.address()));
        }
    }

    void close() {
        prober.close();
    }
}
