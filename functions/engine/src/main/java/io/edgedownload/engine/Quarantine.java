package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sources that delivered something other than what was published. For a while they are asked only when there is nobody else: what
 * they send is checked all the same, but a liar costs every load a fetch in vain.
 */
public final class Quarantine {
    private static final int MAX_SOURCES = 1_024;

    private final Duration lasts;
    private final Ticker ticker;
    private final Map<Source, Long> since = new ConcurrentHashMap<>();

    /** @param lasts for how long a source is avoided; zero to avoid none */
    public Quarantine(Duration lasts, Ticker ticker) {
        this.lasts = lasts;
        this.ticker = ticker;
    }

    boolean holds(Source source) {
        Long beganNanos = since.get(source);
        return beganNanos != null && !over(beganNanos);
    }

    /** Takes the source in when its failure was a lie. */
    void judge(Source source, Failure failure) {
        boolean lied = switch (failure.kind()) {
            case INTEGRITY, LIED -> true;
            case NO_RANGE,
                    CHANGED,
                    FORBIDDEN_ADDRESS,
                    TIMEOUT,
                    BUSY,
                    BREAKER_OPEN,
                    TENANT_SHARE,
                    OVERLOAD,
                    ACCESS,
                    NAME,
                    TLS,
                    SERVER_ERROR,
                    CUT,
                    UNREACHABLE,
                    MISSING -> false;
        };
        if (lied) {
            since.values().removeIf(this::over);
            if (since.size() < MAX_SOURCES) {
                since.put(source, ticker.nanos());
            }
        }
    }

    private boolean over(long beganNanos) {
        return ticker.nanos() - beganNanos >= lasts.toNanos();
    }
}
