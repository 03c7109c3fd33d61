package io.edgedownload.edge;

import io.edgedownload.engine.breaker.Backoff;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.faulttolerance.api.CustomBackoffStrategy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Spreads the rounds of {@code @Retry} out: its {@code delay} is the shortest wait. One for each load. */
@RegisterForReflection
public final class DecorrelatedJitter implements CustomBackoffStrategy {
    /** Longer is not worth waiting for: there are other sources, and S3. */
    private static final Duration CAP = Duration.ofSeconds(1);

    private Duration base = Duration.ofMillis(1);
    private @Nullable Duration previous;

    @Override
    public void init(long initialDelayInMillis) {
        base = Duration.ofMillis(Math.clamp(initialDelayInMillis, 1, CAP.toMillis()));
    }

    @Override
    public long nextDelayInMillis(Throwable failure) {
        Backoff backoff = new Backoff(base, CAP, ThreadLocalRandom.current());
        Duration next = previous == null ? backoff.first() : backoff.next(previous);
        previous = next;
        return next.toMillis();
    }
}
