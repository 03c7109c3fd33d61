package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The open connections: where each leads, and whether it is in use. Vert.x pools them and does not tell; a connection is
 * known from its first grant until it closes.
 */
final class Connections {
    private final Map<HttpConnection, Known> known = new ConcurrentHashMap<>();
    private final Ticker ticker;
    private final InstantSource wall;

    /** Connections that closed and may still be granted: the pool hears of their end at about the time of a grant. */
    private final Set<HttpConnection> gone =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * @param generation of the clients that it belongs to
     * @param use what it is doing
     * @param changedNanos since when
     * @param changedMillis the same by the wall clock, which goes on while the process is frozen
     */
    record Known(
            Origin origin, InetAddress address, Generation generation, Use use, long changedNanos, long changedMillis) {
        Peer peer() {
            return new Peer(origin, address);
        }

        boolean idle() {
            return use == Use.IDLE;
        }
    }

    enum Use {
        IDLE,
        LEASED,
        /** Out of service: closing, or going to when its exchange has ended. */
        RETIRED
    }

    enum Grant {
        FIRST,
        AGAIN,
        /** It is closing and carries nothing any more. */
        TOO_LATE
    }

    Connections(Clocks clocks) {
        this.ticker = clocks.ticker();
        this.wall = clocks.wall();
    }

    /** Takes note that the connection was granted. */
    Grant granted(HttpConnection connection, Origin origin, InetAddress address, Generation generation) {
        Known leased = new Known(origin, address, generation, Use.LEASED, ticker.nanos(), wall.millis());
        Known before = known.putIfAbsent(connection, leased);
        if (before == null) {
            connection.closeHandler(_ -> closed(connection));
            // Without a handler Vert.x would log the end of an idle connection as an error.
            connection.exceptionHandler(_ -> {});
            if (gone.contains(connection)) {
                known.remove(connection);
                return Grant.TOO_LATE;
            }
            return Grant.FIRST;
        }
        // Retired before, it closes under whoever sends on it. Retired from now on, it closes after the exchange.
        return before.use() != Use.RETIRED && known.replace(connection, before, leased) ? Grant.AGAIN : Grant.TOO_LATE;
    }

    private void closed(HttpConnection connection) {
        gone.add(connection);
        known.remove(connection);
    }

    /** Takes note that nobody uses the connection any more. */
    void givenBack(HttpConnection connection) {
        known.computeIfPresent(
                connection, (_, before) -> before.use() == Use.LEASED ? changed(before, Use.IDLE) : before);
    }

    boolean idle(Peer peer) {
        return known.values().stream()
                .anyMatch(each -> each.idle() && each.peer().equals(peer));
    }

    /** Closes an idle connection when there is no place for another; of the origin, or of any. */
    void makeRoom(Origin origin, Limits limits) {
        forgetOlderThan(limits);
        if (count(each -> each.origin().equals(origin) && each.use() != Use.RETIRED) >= limits.perOrigin()) {
            retireLongestIdle(connection -> connection.origin().equals(origin));
        } else if (count(each -> each.use() != Use.RETIRED) >= limits.total()) {
            retireLongestIdle(_ -> true);
        }
    }

    /**
     * Takes connections out of service: each is closed as soon as no exchange is under way on it.
     *
     * @return how many
     */
    int retire(Predicate<Known> which) {
        List<HttpConnection> retired = known.entrySet().stream()
                .filter(entry -> entry.getValue().use() != Use.RETIRED && which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        retired.forEach(this::retire);
        return retired.size();
    }

    /**
     * Takes idle connections out of service that nobody has used for longer, by either clock: during a freeze of the process
     * the ticker may stand still, and the wall clock may be set back.
     *
     * @return how long each of them had not been used
     */
    List<Duration> retireIdleOver(Duration limit) {
        List<Duration> unused = new ArrayList<>();
        long nowNanos = ticker.nanos();
        long nowMillis = wall.millis();
        known.forEach((connection, each) -> {
            Duration byTicker = Duration.ofNanos(nowNanos - each.changedNanos());
            Duration byWall = Duration.ofMillis(nowMillis - each.changedMillis());
            Duration longer = byTicker.compareTo(byWall) > 0 ? byTicker : byWall;
            if (each.idle() && longer.compareTo(limit) > 0) {
                retire(connection);
                unused.add(longer);
            }
        });
        return unused;
    }

    /** Whether there is one in service. */
    boolean leadTo(Peer peer) {
        return count(each -> each.use() != Use.RETIRED && each.peer().equals(peer)) > 0;
    }

    /** Where the connections lead that are in use, or were within the time before now. */
    List<Peer> peers(Duration within) {
        long nowNanos = ticker.nanos();
        return known.values().stream()
                .filter(each -> switch (each.use()) {
                    case LEASED -> true;
                    case IDLE -> nowNanos - each.changedNanos() <= within.toNanos();
                    case RETIRED -> false;
                })
                .map(Known::peer)
                .distinct()
                .toList();
    }

    int count(Predicate<Known> which) {
        return (int) known.values().stream().filter(which).count();
    }

    /** The connections of each origin; of places and addresses nothing is known here. */
    Map<Origin, Pool> pools() {
        Map<Origin, Pool> pools = new HashMap<>();
        for (Known each : known.values()) {
            Pool one = switch (each.use()) {
                case IDLE -> new Pool(1, 0, 0, 0, 0, 0);
                case LEASED -> new Pool(0, 1, 0, 0, 0, 0);
                case RETIRED -> new Pool(0, 0, 1, 0, 0, 0);
            };
            pools.merge(each.origin(), one, Pool::plus);
        }
        return pools;
    }

    List<Origin> origins() {
        return known.values().stream().map(Known::origin).distinct().toList();
    }

    private void retireLongestIdle(Predicate<Known> which) {
        long nowNanos = ticker.nanos();
        Optional<Map.Entry<HttpConnection, Known>> longest = known.entrySet().stream()
                .filter(entry -> entry.getValue().idle() && which.test(entry.getValue()))
                .max(Comparator.comparingLong(
                        entry -> nowNanos - entry.getValue().changedNanos()));
        longest.ifPresent(entry -> retire(entry.getKey()));
    }

    private Known changed(Known before, Use use) {
        return new Known(before.origin(), before.address(), before.generation(), use, ticker.nanos(), wall.millis());
    }

    /** A connection that closed while it was taken note of never tells; the pool let go of it long ago. */
    private void forgetOlderThan(Limits limits) {
        long keptNanos = 2 * limits.timeouts().idle().toNanos();
        long nowNanos = ticker.nanos();
        known.values().removeIf(each -> each.use() != Use.LEASED && nowNanos - each.changedNanos() - keptNanos > 0);
    }

    /** Takes the connection out of service. */
    void retire(HttpConnection connection) {
        known.computeIfPresent(connection, (_, before) -> changed(before, Use.RETIRED));
        // As long as any exchange may take: its own deadline ends it, not this.
        var _ = connection.shutdown(Deadline.LONGEST.toSeconds(), TimeUnit.SECONDS);
    }
}
