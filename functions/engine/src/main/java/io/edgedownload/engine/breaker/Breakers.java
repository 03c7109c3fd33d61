package io.edgedownload.engine.breaker;

import io.edgedownload.engine.time.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The breakers of all origins. It holds a bounded number of them: when there is no room for another, those that are closed and
 * idle are let go. If all are in use, the breaker of a further origin is made for the one who asks and forgotten, so its
 * requests are admitted.
 */
public final class Breakers {
    /** For a large installation; breakers that are busy without a pause take 60 KiB each, idle ones next to nothing. */
    public static final int MOST = 1_024;

    private final int most;
    private final Breaker.Settings settings;
    private final Consumer<BreakerChanged> listener;
    private final Ticker ticker;
    private final ConcurrentHashMap<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final ReentrantLock adding = new ReentrantLock();

    /**
     * @param most breakers that are held, at least 1
     * @param listener of all of them, see {@link Breaker}
     */
    public Breakers(int most, Breaker.Settings settings, Consumer<BreakerChanged> listener, Ticker ticker) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one breaker: " + most);
        }
        this.most = most;
        this.settings = settings;
        this.listener = listener;
        this.ticker = ticker;
    }

    /** The breaker of the origin, closed if it is a new one. */
    public Breaker of(String origin) {
        Breaker known = breakers.get(origin);
        return known == null ? add(origin) : known;
    }

    /** The breakers that are held now, for gauges. */
    public Map<String, Breaker> all() {
        return Map.copyOf(breakers);
    }

    private Breaker add(String origin) {
        adding.lock();
        try {
            Breaker known = breakers.get(origin);
            if (known != null) {
                return known;
            }
            if (breakers.size() >= most) {
                breakers.values().removeIf(Breaker::isIdle);
            }
            Breaker fresh = new Breaker(origin, settings, listener, ticker);
            if (breakers.size() < most) {
                breakers.put(origin, fresh);
            }
            return fresh;
        } finally {
            adding.unlock();
        }
    }
}
