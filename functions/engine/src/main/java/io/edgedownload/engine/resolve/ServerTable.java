package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Ticker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The health of all name servers, and in which order it says to ask them. As many entries as there are servers configured. */
final class ServerTable {
    private final Map<DnsServer, ServerHealth> servers = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Ticker ticker;
    private final ServerListener listener;

    /** Hears of servers that stop or begin to answer. */
    @FunctionalInterface
    interface ServerListener {
        void changed(DnsServer server, boolean failing);
    }

    ServerTable(Ticker ticker, ServerListener listener) {
        this.ticker = ticker;
        this.listener = listener;
    }

    /**
     * @param ask in this order, those that failed behind all others
     * @param beside get a copy of the question whose answer nobody waits for
     */
    record Order(List<DnsServer> ask, List<DnsServer> beside) {}

    /**
     * The faster ones first, in the configured order among those that are alike.
     *
     * @param rotate to begin with another one each time instead
     */
    Order order(List<DnsServer> configured, boolean rotate) {
        List<DnsServer> ask = new ArrayList<>(configured);
        Comparator<DnsServer> failing =
                Comparator.comparing(server -> health(server).failing());
        if (rotate) {
            Collections.rotate(ask, -Math.floorMod(turn.getAndIncrement(), ask.size()));
            ask.sort(failing);
        } else {
            ask.sort(failing.thenComparingInt(server -> health(server).latencyBand()));
        }
        return new Order(ask, ask.stream().skip(1).filter(this::takenForCheck).toList());
    }

    long patienceNanos(DnsServer server, long most) {
        return health(server).patienceNanos(most);
    }

    boolean knowsEdns(DnsServer server) {
        return health(server).knowsEdns(ticker.nanos());
    }

    void doesNotKnowEdns(DnsServer server) {
        update(server, health -> health.withoutEdns(ticker.nanos()));
    }

    void answered(DnsServer server, long latencyNanos) {
        update(server, health -> health.answered(latencyNanos, ticker.nanos()));
    }

    /** @param waitedNanos in vain; less than it is usually given says nothing of it */
    void silent(DnsServer server, long waitedNanos) {
        if (waitedNanos >= health(server).patienceNanos(Long.MAX_VALUE)) {
            failed(server);
        }
    }

    void failed(DnsServer server) {
        update(server, health -> health.failed(ticker.nanos()));
    }

    boolean failing(DnsServer server) {
        return health(server).failing();
    }

    /** Forgets servers that are no longer configured. */
    void retain(List<DnsServer> configured) {
        servers.keySet().retainAll(configured);
    }

    private boolean takenForCheck(DnsServer server) {
        long nowNanos = ticker.nanos();
        ServerHealth health = health(server);
        return health.due(nowNanos) && servers.replace(server, health, health.checked(nowNanos));
    }

    private ServerHealth health(DnsServer server) {
        return servers.getOrDefault(server, ServerHealth.UNKNOWN);
    }

    private void update(DnsServer server, UnaryOperator<ServerHealth> change) {
        while (true) {
            ServerHealth before = servers.putIfAbsent(server, ServerHealth.UNKNOWN);
            before = before == null ? ServerHealth.UNKNOWN : before;
            ServerHealth after = change.apply(before);
            if (servers.replace(server, before, after)) {
                if (before.failing() != after.failing()) {
                    listener.changed(server, after.failing());
                }
                return;
            }
        }
    }
}
