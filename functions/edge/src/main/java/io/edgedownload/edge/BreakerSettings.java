package io.edgedownload.edge;

import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.RetryBudget;

/** The settings of breakers and retries. */
final class BreakerSettings {
    /** Tokens that were earned and not used are kept for a burst of this many retries. */
    private static final int MOST_EARNED = 100;

    private BreakerSettings() {}

    static Breaker.Settings of(EdgeConfig.Breaker config) {
        long bucketNanos = config.bucket().toNanos();
        if (bucketNanos <= 0 || config.window().toNanos() % bucketNanos != 0) {
            throw Settings.broken("edge.breaker.window", "must be edge.breaker.bucket times a whole number");
        }
        return Settings.checked(
                "edge.breaker",
                () -> new Breaker.Settings(
                        config.bucket(),
                        (int) Math.min(Integer.MAX_VALUE, config.window().toNanos() / bucketNanos),
                        config.minRequests(),
                        config.minSuccessPercent(),
                        config.maxP95(),
                        config.hold(),
                        config.openFor(),
                        config.probes(),
                        config.probeTimeout()));
    }

    static RetryBudget.Settings of(EdgeConfig.Retry config) {
        return Settings.checked(
                "edge.retry",
                () -> new RetryBudget.Settings(config.percent(), config.least(), config.per(), MOST_EARNED));
    }
}
