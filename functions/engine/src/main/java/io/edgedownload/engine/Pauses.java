package io.edgedownload.engine;

import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Origins that asked to be left alone for a while, by Retry-After (RFC 9110 §10.2.3), and are. */
final class Pauses {
    private static final int MAX_ORIGINS = 1_024;

    private final Ticker ticker;
    private final Map<Origin, Long> untilNanos = new ConcurrentHashMap<>();

    Pauses(Ticker ticker) {
        this.ticker = ticker;
    }

    /** How long the origin is still to be left alone; zero when it is not. */
    Duration left(Origin origin) {
        Long until = untilNanos.get(origin);
        return until == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, until - ticker.nanos()));
    }

    void begin(Origin origin, Duration asked) {
        untilNanos.values().removeIf(until -> until - ticker.nanos() <= 0);
        if (untilNanos.size() < MAX_ORIGINS) {
            untilNanos.put(origin, ticker.nanos() + asked.toNanos());
        }
    }
}
