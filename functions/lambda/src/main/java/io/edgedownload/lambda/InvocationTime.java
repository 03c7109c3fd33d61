package io.edgedownload.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.edgedownload.edge.PlatformTime;
import io.quarkus.vertx.http.runtime.QuarkusHttpHeaders;
import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * What is left until {@code Lambda-Runtime-Deadline-Ms}, when Lambda ends the invocation and the process with it, but for what it takes
 * to hand over an answer: an error that is ready only then would reach nobody.
 */
@Singleton
final class InvocationTime implements PlatformTime {
    /** For encoding 4 MiB and posting it. */
    private static final Duration HAND_OVER = Duration.ofMillis(100);

    private static final int LARGEST_SHARE = 10;

    @Override
    public Optional<Duration> remaining(MultiMap fields) {
        return fields instanceof QuarkusHttpHeaders invoked
                ? Optional.ofNullable(invoked.getContextObject(Context.class))
                        .map(context -> usable(Duration.ofMillis(context.getRemainingTimeInMillis())))
                : Optional.empty();
    }

    /** All but the time for handing over, which is at most a tenth. */
    private static Duration usable(Duration remaining) {
        Duration share = remaining.dividedBy(LARGEST_SHARE);
        return remaining.minus(share.compareTo(HAND_OVER) < 0 ? share : HAND_OVER);
    }
}
